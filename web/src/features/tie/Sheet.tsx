import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { AskAround } from './AskAround';
import { Came } from './Came';
import { introduce, introductionsOf, type Known, tieKeys, type Way, type Whom } from './queries';
import { useWay } from './useWay';

/** Sheet is everybody of us who knows somebody, each a tap from being asked, and what came of who was asked. */
export function Sheet({ whom, known, onClose }: { whom: Whom; known: Known; onClose: () => void }) {
  const { t } = useTranslation();
  const [sentence, setSentence] = useState(t('tie.sentence'));
  const asked = (useQuery(introductionsOf).data?.mine ?? []).filter((i) =>
    whom.id ? i.contactId === whom.id : i.name === whom.name,
  );
  const one =
    known.contacts.find((c) => c.id === whom.id) ?? (known.contacts.length === 1 ? known.contacts[0] : undefined);
  return (
    <Dialog
      title={t('tie.who', { name: whom.name || one?.name })}
      footer={() => null}
      onOk={() => {}}
      onClose={onClose}
    >
      {one && <p className="ink2">{[one.accountName, one.title, one.former].filter(Boolean).join(' · ')}</p>}
      {asked.map((i) => (
        <Came key={i.id} i={i} />
      ))}
      {known.ways.some((w) => w.token) && (
        <Field label={t('tie.sentenceOf')} at="sentence" hint={t('tie.sentenceHint')}>
          <Input.TextArea autoSize maxLength={200} value={sentence} onChange={(e) => setSentence(e.target.value)} />
        </Field>
      )}
      {known.ways.map((w, i) => (
        <One
          key={w.token || w.way + w.memberId + w.throughContactId}
          w={w}
          whom={whom}
          first={i === 0}
          sentence={sentence}
        />
      ))}
      {known.more > 0 && <p className="ink2">{t('tie.more', { count: known.more })}</p>}
      <AskAround whom={{ ...whom, former: whom.former || one?.former || undefined }} known={known.ways.length > 0} />
    </Dialog>
  );
}

function One({ w, whom, first, sentence }: { w: Way; whom: Whom; first: boolean; sentence: string }) {
  const { t } = useTranslation();
  const way = useWay();
  const ask = useWrite(
    (_: undefined, key) => {
      const body = { contactId: w.contactId || whom.id || '', token: w.token, sentence: sentence.trim() };
      return introduce(key(body), body);
    },
    { said: t('tie.sent'), told: true, stale: [[...tieKeys.all, 'introductions']] },
  );
  return (
    <div className="py-8 line-below between-6">
      <div>
        <b>{way.who(w)}</b> {w.boss && t('tie.boss')} {way.what(w)}
        {first && <span className="chip">{t('tie.nearest')}</span>}
        <div className="ink2">{way.more(w)}</div>
      </div>
      {w.token && !w.own && (
        <Button
          type={first ? 'primary' : 'default'}
          loading={ask.isPending}
          disabled={!sentence.trim() || ask.isSuccess}
          onClick={() => ask.mutate(undefined)}
        >
          {ask.isSuccess ? t('tie.asked') : w.memberName ? t('tie.askFor', { who: w.memberName }) : t('tie.ask')}
        </Button>
      )}
    </div>
  );
}
