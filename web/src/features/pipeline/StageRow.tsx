import { Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { StageDetail } from './StageDetail';

type Stage = Schemas['PipelineStage'];

type Moves = { up?: () => void; down?: () => void; out?: () => void };

/** StageRow is a stage in its place on the path; below it, opened, the rest of it. */
export function StageRow({ s, patch, moves }: { s: Stage; patch: (p: Partial<Stage>) => void; moves: Moves }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className="line-below">
      <div className="pad stage-line">
        <span className={s.kind === 'won' ? 'chip g' : s.kind === 'lost' ? 'chip b' : 'chip'}>
          {t(`state.${s.kind}`)}
        </span>
        <Input
          aria-label={t('pipeline.stageName')}
          value={s.name}
          onChange={(e) => patch({ name: e.target.value })}
          maxLength={30}
          className="w-160"
        />
        {s.kind === 'open' && (
          <>
            <span className="pair">
              <span className="ink2">{t('pipeline.success')}</span>
              <InputNumber<number>
                controls={false}
                aria-label={t('pipeline.success')}
                min={0}
                max={100}
                value={s.successBp / 100}
                onChange={(v) => patch({ successBp: Math.round((v ?? 0) * 100) })}
                suffix="%"
                className="w-90"
              />
            </span>
            <span className="pair">
              <span className="ink2">{t('pipeline.standard')}</span>
              <InputNumber<number>
                controls={false}
                aria-label={t('pipeline.standard')}
                min={0}
                max={999}
                value={s.standardDays}
                onChange={(v) => patch({ standardDays: v ?? 0 })}
                className="w-80"
              />
            </span>
            <span className="pair">
              <span className="ink2">{t('pipeline.max')}</span>
              <InputNumber<number>
                controls={false}
                aria-label={t('pipeline.max')}
                min={0}
                max={9999}
                value={s.maxDays}
                onChange={(v) => patch({ maxDays: v ?? 0 })}
                className="w-80"
              />
            </span>
            <Button type="text" onClick={() => setOpen(!open)} aria-expanded={open}>
              {t('pipeline.milestones', { count: s.milestones.length })}
            </Button>
            <span className="flex-1" />
            <span className="pair">
              <Button aria-label={t('pipeline.up')} disabled={!moves.up} onClick={moves.up}>
                ↑
              </Button>
              <Button aria-label={t('pipeline.down')} disabled={!moves.down} onClick={moves.down}>
                ↓
              </Button>
              <Button disabled={!moves.out} onClick={moves.out}>
                {t('common.remove')}
              </Button>
            </span>
          </>
        )}
      </div>
      {open && <StageDetail s={s} patch={patch} />}
    </div>
  );
}
