import { Checkbox, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field, Scroll } from '../../ui/bits';
import { asKind, kinds, type Part } from './mapping';
import { encodingName, separatorName } from './names';
import type { Doing } from './Understood';

/** Wrong puts right how a file was understood: what it holds, and where its table stands. */
export function Wrong({ p, sheets, doing }: { p: Part; sheets: string[]; doing: Doing }) {
  const { t } = useTranslation();
  const { preview, looked } = p;
  const { format } = preview;
  return (
    <div className="wrong">
      <div className="grid-220">
        <Field label={t('import.holds')}>
          <Select
            className="wide"
            value={p.spec.kind}
            onChange={(kind) => doing.change(asKind(p, kind))}
            options={kinds.map((k) => ({ value: k, label: t(`import.fileKind.${k}`) }))}
          />
        </Field>
        {format.separator && (
          <Field label={t('import.separatedBy')}>
            <Select
              className="wide"
              value={format.separator}
              onChange={(separator) => doing.look({ ...looked, separator, header: 0, headerRows: 0, headless: false })}
              options={[...new Set([format.separator, ',', ';', '\t', '|'])].map((s) => ({
                value: s,
                label: t(
                  `import.separators.${({ ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' })[s] ?? 'other'}`,
                  {
                    s: separatorName(s),
                  },
                ),
              }))}
            />
          </Field>
        )}
      </div>
      {preview.sheets.length > 1 && (
        <fieldset className="field bare">
          <legend>{t('import.sheets')}</legend>
          <div className="filters">
            {preview.sheets.map((s) => (
              <Checkbox
                key={s.name}
                checked={sheets.includes(s.name)}
                disabled={sheets.length === 1 && sheets[0] === s.name}
                onChange={(e) => doing.sheet(s.name, e.target.checked)}
              >
                {s.name} <span className="ink2">{t('import.rows', { count: s.rows })}</span>
                {s.hidden && <span className="ink2"> {t('import.hidden')}</span>}
              </Checkbox>
            ))}
          </div>
        </fieldset>
      )}
      {preview.encodings.length > 1 && (
        <fieldset className="field bare">
          <legend>{t('import.encoding')}</legend>
          <Radio.Group
            className="encodings"
            value={format.encoding}
            onChange={(e) => doing.look({ ...looked, encoding: e.target.value as string })}
          >
            {preview.encodings.map((c) => (
              <Radio key={c.encoding} value={c.encoding}>
                <b>{encodingName(c.encoding)}</b>
                {c.lines.slice(0, 3).map((l, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: raw lines have no identity
                  <span className="sample" key={i}>
                    {l}
                  </span>
                ))}
              </Radio>
            ))}
          </Radio.Group>
        </fieldset>
      )}
      <Checkbox
        checked={p.spec.leads === 'file'}
        onChange={(e) => doing.change({ ...p, spec: { ...p.spec, leads: e.target.checked ? 'file' : undefined } })}
      >
        {t('import.leads')}
      </Checkbox>
      <HeaderPick
        p={p}
        onPick={(header, headerRows) => doing.look({ ...looked, header, headerRows, headless: headerRows === 0 })}
      />
    </div>
  );
}

/** letters are what a spreadsheet calls its nth column, from 0: A, Z, AA. */
export const letters = (n: number): string =>
  (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));

/** HeaderPick is the beginning of the file as it is: the line of its header is chosen on it; 0 rows are no header. */
function HeaderPick({ p, onPick }: { p: Part; onPick: (line: number, rows: number) => void }) {
  const { t } = useTranslation();
  const { grid, layout } = p.preview;
  const rows = layout.headless ? 0 : Math.max(layout.headerRows, 1);
  const within = (line: number) => line >= layout.header && line < layout.header + rows;
  const width = Math.max(0, ...grid.map((g) => g.cells.length));
  return (
    <fieldset className="field bare">
      <legend>{t('import.pickHeader')}</legend>
      <Scroll label={t('import.pickHeader')} height={260}>
        <table className="t raw">
          <thead>
            <tr>
              <td />
              {Array.from({ length: width }, (_, i) => (
                <th key={letters(i)} scope="col" className="l">
                  {letters(i)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.slice(0, 20).map((g) => (
              <tr key={g.line} className={within(g.line) ? 'picked' : undefined} onClick={() => onPick(g.line, 1)}>
                <th scope="row" className="l">
                  <button
                    type="button"
                    className="open"
                    aria-pressed={within(g.line)}
                    aria-label={t('import.headerAt', { line: g.line })}
                    onClick={(e) => {
                      e.stopPropagation();
                      onPick(g.line, 1);
                    }}
                  >
                    {g.line}
                  </button>
                </th>
                {Array.from({ length: width }, (_, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: raw cells have no identity
                  <td key={i} className="l nowrap">
                    {g.cells[i]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <div className="filters mt-8">
        <Select
          aria-label={t('import.headerRows')}
          value={rows}
          onChange={(n) => onPick(layout.header, n)}
          options={[0, 1, 2, 3].map((n) => ({
            value: n,
            label: n ? t('import.headerHas', { count: n }) : t('import.headless'),
          }))}
        />
      </div>
    </fieldset>
  );
}
