import { Button, Checkbox, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Choice } from './ChangeField';

/** offeredBy is what may be chosen from a list, and what such choices were called when they were made. */
export const offeredBy = (list: Choice[]) =>
  list.filter((c) => !c.retired && c.label.trim()).flatMap((c) => (c.code ? [c.label, c.code] : [c.label]));

/** Choices is what a field offers: each is renamed, retired or moved where it stands, new ones are written behind. */
export function Choices({ list, onChange, onDone }: Props) {
  const { t } = useTranslation();
  const put = (i: number, c: Partial<Choice>) => list.map((x, k) => (k === i ? { ...x, ...c } : x));
  const swap = (i: number) => list.map((x, k) => (k === i - 1 ? list[i] : k === i ? list[i - 1] : undefined) ?? x);
  const move = (i: number) => {
    onChange(swap(i));
    onDone(swap(i));
  };
  return (
    <fieldset aria-label={t('fieldChange.choices')} className="field stack-6">
      {list.map((c, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a new one has nothing else, and what stands in it is kept above
        <div className="row-8" key={i}>
          <Input
            aria-label={t('fieldChange.choice', { n: i + 1 })}
            value={c.label}
            maxLength={100}
            onChange={(e) => onChange(put(i, { label: e.target.value }))}
            onBlur={() => onDone(list)}
          />
          {c.code && (
            <Checkbox
              checked={c.retired}
              onChange={(e) => {
                const next = put(i, { retired: e.target.checked });
                onChange(next);
                onDone(next);
              }}
            >
              {t('fieldChange.isRetired')}
            </Checkbox>
          )}
          <Button
            aria-label={t('fieldChange.choiceUp', { name: c.label || i + 1 })}
            disabled={i === 0}
            onClick={() => move(i)}
          >
            ↑
          </Button>
          <Button
            aria-label={t('fieldChange.choiceDown', { name: c.label || i + 1 })}
            disabled={i === list.length - 1}
            onClick={() => move(i + 1)}
          >
            ↓
          </Button>
        </div>
      ))}
      <Button size="small" onClick={() => onChange([...list, { code: '', label: '', retired: false }])}>
        {t('fieldChange.addChoice')}
      </Button>
    </fieldset>
  );
}
type Props = { list: Choice[]; onChange: (list: Choice[]) => void; onDone: (list: Choice[]) => void };
