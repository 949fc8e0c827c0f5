import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { CustomFacts } from '../../../app/CustomFields';
import { useMe } from '../../../app/session';
import { Amount } from '../../../ui/Amount';
import { day } from '../../../ui/format';
import { Written } from '../../../ui/Written';
import { productsOf } from '../../org/queries';
import type { RecordBody } from '../queries';
import type { Open } from './dialogs';

/** Facts is the rest of what is known. */
export function Facts({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const me = useMe();
  const products = useQuery({ ...productsOf, enabled: r.lines.length > 0 });
  return (
    <div className="card">
      <h2>
        {t('record.facts')}
        <span>
          {r.mayWrite && r.state === 'open' && (
            <Button size="small" type="text" onClick={() => open({ kind: 'lines' })}>
              {t('parts.lines')}
            </Button>
          )}
        </span>
      </h2>
      <div className="py-8">
        <div className="kv">
          <span>{t('opp.createdOn')}</span>
          <b>{day(r.createdOn, me.today)}</b>
        </div>
        {r.state === 'won' && r.signedOn && (
          <div className="kv">
            <span>{t('opp.signedOn')}</span>
            <b>{day(r.signedOn, me.today)}</b>
          </div>
        )}
        {r.region && (
          <div className="kv">
            <span>{t('opp.region')}</span>
            <b>{r.region}</b>
          </div>
        )}
        {r.lines.map((l, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <div className="kv" key={i}>
            <span>{products.data?.find((p) => p.id === l.productLineId)?.name ?? '…'}</span>
            <b>
              <Amount minor={l.amountMinor} currency={r.currency} />
            </b>
          </div>
        ))}
        {r.state === 'lost' && (
          <div className="kv">
            <span>{t('loss.kind')}</span>
            <b>
              {t(`loss.${r.lossKind}`)}{' '}
              {r.lossReason && (
                <>
                  · <Written>{r.lossReason}</Written>
                </>
              )}
            </b>
          </div>
        )}
        <CustomFacts record="opportunity" value={r.custom} />
        {r.external.map((e) => (
          <div className="kv" key={e.source + e.id}>
            <span>{e.source}</span>
            <b>{e.id}</b>
          </div>
        ))}
      </div>
    </div>
  );
}
