import { Button, Input, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import './tie.css';

export type Past = { name: string; fromYear?: number; toYear?: number };

/** Pasts are schools or firms with their years, each a line. */
export function Pasts({ label, value, onChange }: { label: string; value: Past[]; onChange: (to: Past[]) => void }) {
  const { t } = useTranslation();
  const put = (i: number, more: Partial<Past>) => onChange(value.map((p, k) => (k === i ? { ...p, ...more } : p)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: each line has fields of its own
    <div role="group" aria-label={label} className="stack-6 mt-8 mb-16">
      <b>{label}</b>
      {value.map((p, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity until it is saved
        <div key={i} className="rowform lived">
          <Input
            aria-label={label}
            value={p.name}
            maxLength={100}
            className="flex-200"
            onChange={(e) => put(i, { name: e.target.value })}
          />
          {(['fromYear', 'toYear'] as const).map((k) => (
            <InputNumber<number>
              key={k}
              controls={false}
              aria-label={t(`tie.${k}`)}
              placeholder={t(`tie.${k}`)}
              min={1900}
              max={2100}
              className="w-90"
              value={p[k] || null}
              onChange={(v) => put(i, { [k]: v ?? undefined })}
            />
          ))}
          <Button
            type="text"
            aria-label={t('tie.drop', { name: p.name || label })}
            onClick={() => onChange(value.filter((_, k) => k !== i))}
          >
            ✕
          </Button>
        </div>
      ))}
      <div>
        <Button size="small" onClick={() => onChange([...value, { name: '' }])}>
          {t('tie.addOne', { what: label })}
        </Button>
      </div>
    </div>
  );
}

export const named = (all: Past[]) => all.filter((p) => p.name.trim());

/** begun has a line to write in where there is none. */
export const begun = (all: Past[]): Past[] => (all.length > 0 ? all : [{ name: '' }]);
