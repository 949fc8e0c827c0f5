import { BarChartOutlined, FileExcelOutlined, PictureOutlined, TableOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import type { EChartsType } from 'echarts/core';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../../api/base';
import type { Query } from '../../ui/address';
import { Empty, Scroll, usePhone } from '../../ui/bits';
import { blank, Chart, type Option, type Pick, useColours } from '../../ui/Chart';

/** address writes a question as the API takes it. */
export function address(q: Query): string {
  const p = new URLSearchParams();
  for (const [k, v] of Object.entries(q))
    for (const one of Array.isArray(v) ? v : [v]) if (one !== undefined && one !== '') p.append(k, String(one));
  return p.toString();
}

/**
 * Card is one answer: a picture with its definition, the same as a table on request, a picture file and a
 * spreadsheet.
 */
export function Card({
  title,
  hint,
  option,
  height = 300,
  onPick,
  table,
  sheet,
  extra,
  empty,
  note,
  none,
}: {
  title: string;
  hint: string;
  option: Option | null;
  height?: number;
  onPick?: Pick;
  table: ReactNode;
  sheet: Query;
  extra?: ReactNode;
  /** Nothing lies behind the card. */
  empty?: boolean;
  note?: ReactNode;
  /** Why nothing is drawn, where there is more to say than that. */
  none?: string;
}) {
  const { t, i18n } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const chart = useRef<EChartsType | null>(null);
  const colours = useColours();
  const phone = usePhone();
  const drawn = option !== null && !asTable;
  const nothing = drawn && blank(option);
  const picture = () => {
    const url = chart.current?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colours.card });
    if (!url) return;
    const a = document.createElement('a');
    a.href = url;
    a.download = `${title}.png`;
    a.click();
  };
  return (
    <div className="card analysis">
      <h2>
        <Tooltip title={hint}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
          <b tabIndex={0} className="defined">
            {title}
          </b>
        </Tooltip>
        <span className="tools">
          {extra}
          {option && !empty && (
            <Tooltip title={t(asTable ? 'analysis.asChart' : 'analysis.asTable')}>
              <Button
                type="text"
                size="small"
                aria-label={t(asTable ? 'analysis.asChart' : 'analysis.asTable')}
                icon={asTable ? <BarChartOutlined /> : <TableOutlined />}
                onClick={() => setAsTable(!asTable)}
              />
            </Tooltip>
          )}
          {drawn && !empty && !nothing && (
            <Tooltip title={t('analysis.picture')}>
              <Button
                type="text"
                size="small"
                aria-label={t('analysis.picture')}
                icon={<PictureOutlined />}
                onClick={picture}
              />
            </Tooltip>
          )}
          <Tooltip title={t('analysis.sheet')}>
            <Button
              type="text"
              size="small"
              aria-label={t('analysis.sheet')}
              icon={<FileExcelOutlined />}
              href={under(`/api/reports/table?${address({ ...sheet, format: 'xlsx', locale: i18n.language })}`)}
            />
          </Tooltip>
        </span>
      </h2>
      {empty ? (
        <Empty title={t('funnel.empty')} />
      ) : nothing ? (
        <Empty title={t('analysis.blank')}>{none}</Empty>
      ) : drawn ? (
        <div className="pad pt-4">
          <Chart
            option={option}
            label={`${title} · ${hint}`}
            height={phone && height <= 400 ? Math.min(height, 280) : height}
            onPick={onPick}
            handle={chart}
          />
        </div>
      ) : (
        <Scroll label={title}>{table}</Scroll>
      )}
      {note && !empty && !nothing && <div className="pad ink2 note">{note}</div>}
    </div>
  );
}
