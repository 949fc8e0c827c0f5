import { Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tooLarge } from './limits';
import { useProblemText } from './problemText';
import { bytes } from './size';

/**
 * FilePick has files chosen, in our words and not the browser's. With max, what is larger is refused here and never
 * handed on; whoever takes several, and says himself which were refused, leaves it out.
 */
export function FilePick({
  label,
  accept,
  multiple,
  max,
  chosen,
  disabled,
  onPick,
}: {
  /** On the button, where it is not to choose a file. */
  label?: string;
  accept?: string;
  multiple?: boolean;
  max?: number;
  /** What is shown beside the button. */
  chosen?: File | null;
  disabled?: boolean;
  /** None where what was chosen last is refused. */
  onPick: (files: File[]) => void;
}) {
  const { t } = useTranslation();
  const text = useProblemText();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string>();
  const take = (field: HTMLInputElement) => {
    const files = [...(field.files ?? [])];
    field.value = ''; // or the same file, put right, could not be chosen again
    if (files.length === 0) return;
    const wrong = files.flatMap((f) => tooLarge(f, max) ?? []);
    setRefused(wrong[0] && text(wrong[0]));
    onPick(wrong.length > 0 ? [] : files);
  };
  return (
    <span className="pick">
      <Button disabled={disabled} onClick={() => input.current?.click()}>
        {label ?? t(multiple ? 'file.chooseSeveral' : 'file.choose')}
      </Button>
      {chosen && (
        <span className="ink2">
          {chosen.name} · {bytes(chosen.size)}
        </span>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        disabled={disabled}
        onChange={(e) => take(e.target)}
      />
      {refused && (
        <span className="bad" role="alert">
          {refused}
        </span>
      )}
    </span>
  );
}
