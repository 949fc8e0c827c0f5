import { type InputHTMLAttributes, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Secret is a password field that can be looked at. Like sign-in it uses no component library. */
export function Secret({
  label,
  hint,
  ...input
}: { label: string; hint?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const { t } = useTranslation();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="secret">
      <label htmlFor={id}>
        <span id={`${id}-name`}>{label}</span>
      </label>
      <div>
        <input
          {...input}
          id={id}
          type={shown ? 'text' : 'password'}
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={hint && `${id}-hint`}
        />
        <button
          type="button"
          aria-pressed={shown}
          aria-controls={id}
          aria-describedby={`${id}-name`}
          onClick={() => setShown(!shown)}
        >
          {t(shown ? 'common.hide' : 'common.show')}
        </button>
      </div>
      {hint && (
        <small className="ink2" id={`${id}-hint`}>
          {hint}
        </small>
      )}
    </div>
  );
}

/** useFirstField begins a form in the first field that is still empty. */
export function useFirstField() {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const fields = form.current?.querySelectorAll('input') ?? [];
    [...fields].find((f) => !f.value)?.focus();
  }, []);
  return form;
}
