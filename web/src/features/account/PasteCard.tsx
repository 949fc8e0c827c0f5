import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../api/client';
import { loadChangeTexts } from '../../app/i18n';
import { type Same, SamePeople } from '../../app/SamePeople';
import { useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { stay } from '../../ui/seen';
import { tell } from '../change/queries';
import { contactKeys } from './queries';

type Card = Schemas['AccountCardBody'];

const fields = ['name', 'department', 'title', 'mobile', 'phone', 'wechat', 'email'] as const;
export type Said = Record<(typeof fields)[number], string>;

/** PasteCard fills a form from a card, a signature or a line of chat. What was pasted is read and forgotten. */
export function PasteCard({
  form,
  onFill,
  accountId,
  contactId,
  onInstead,
}: {
  form: Said;
  onFill: (to: Said) => void;
  accountId: string;
  contactId?: string;
  onInstead: (p: Same) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [card, setCard] = useState<Card>();
  const read = useWrite(
    (said: string) => must(api.POST('/api/contact-cards', { body: { text: said, accountId, contactId } })),
    {
      done: (c) => {
        setText('');
        setCard(c);
        const filled = { ...form };
        for (const k of fields) if (!filled[k] && c[k] && !(c.moved && atWork(k))) filled[k] = c[k];
        onFill(filled);
      },
    },
  );
  return (
    <div className="paste">
      <Field at="text" label={t('contact.paste')}>
        <Input.TextArea
          value={text}
          maxLength={4000}
          autoSize={{ minRows: 1, maxRows: 6 }}
          placeholder={t('contact.pasteHint')}
          onChange={(e) => setText(e.target.value)}
          onPaste={(e) => {
            const said = e.clipboardData.getData('text');
            if (text || !said.trim()) return;
            e.preventDefault();
            setText(said.slice(0, 4000));
            read.mutate(said.slice(0, 4000));
          }}
        />
      </Field>
      {text.trim() && (
        <Button loading={read.isPending} onMouseDown={stay} onClick={() => read.mutate(text)}>
          {t('contact.pasteRead')}
        </Button>
      )}
      {read.error && <ProblemBox error={read.error} />}
      {card && <Read card={card} form={form} onFill={onFill} onInstead={onInstead} own={contactId} />}
    </div>
  );
}

/** atWork are what belongs to a post: of who moved, nothing of it is written over the post he had. */
const atWork = (k: keyof Said) => k === 'department' || k === 'title';

function Read({
  card,
  form,
  onFill,
  onInstead,
  own,
}: {
  card: Card;
  form: Said;
  onFill: (to: Said) => void;
  onInstead: (p: Same) => void;
  own?: string;
}) {
  const { t } = useTranslation();
  const others = fields.filter((k) => card[k] && card[k] !== form[k] && !(card.moved && atWork(k)));
  const former = card.former.map((p) => [p.company, p.department, p.title].filter(Boolean).join(' '));
  const people = card.people.filter((p) => p.id !== own && p.id !== card.moved?.id);
  const kept = [
    card.elsewhere && !card.moved && t('contact.pasteElsewhere', { company: card.company }),
    former.length > 0 && t('contact.pasteFormer', { where: former.join(t('common.comma')) }),
    card.address && t('contact.pasteAddress', { address: card.address }),
    card.rest.length > 0 && t('contact.pasteRest', { rest: card.rest.join(' · ') }),
  ].filter(Boolean);
  return (
    <div role="status">
      {card.moved && <Moved card={card} moved={card.moved} own={own} onInstead={onInstead} />}
      {people.length > 0 && <SamePeople people={people} choose={t('contact.openThat')} onChoose={onInstead} />}
      {others.map((k) => (
        <p key={k}>
          {t('contact.pasteOther', { field: t(`contact.${k}`), said: card[k] })}{' '}
          <Button size="small" onMouseDown={stay} onClick={() => onFill({ ...form, [k]: card[k] })}>
            {t('contact.pasteTake')}
          </Button>
        </p>
      ))}
      {kept.map((line) => (
        <p className="ink2" key={String(line)}>
          {line}
        </p>
      ))}
    </div>
  );
}

/** Moved says that somebody is known at another firm, and proposes the change instead of writing it over. */
function Moved({
  card,
  moved,
  own,
  onInstead,
}: {
  card: Card;
  moved: Same;
  own?: string;
  onInstead: (p: Same) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const [told, setTold] = useState(false);
  const propose = useWrite(
    (_: undefined, key) => {
      const said = {
        contactId: moved.id,
        // To a firm that is no account nobody can be moved: he left the one he was at.
        kind: card.accountId ? ('moved' as const) : ('left' as const),
        on: me.today,
        source: 'other' as const,
        successorId: '',
        successorName: '',
        opportunityId: '',
        evenIfSame: false,
        suspect: true,
        toAccountId: card.accountId,
        department: card.accountId ? card.department : '',
        title: card.accountId ? card.title : '',
      };
      return loadChangeTexts().then(() => tell(key(said), said)); // what may be refused of it is said there
    },
    {
      said: t('contact.pasteProposed'),
      done: () => setTold(true),
      told: true,
      stale: [contactKeys.all, ['contact-changes'], ['task']],
    },
  );
  return (
    <p>
      <b>{t('contact.pasteMoved', { name: moved.name, from: moved.account, to: card.company })}</b>{' '}
      {!told && (
        <Button
          size="small"
          type="primary"
          loading={propose.isPending}
          onMouseDown={stay}
          onClick={() => propose.mutate(undefined)}
        >
          {t('contact.pastePropose')}
        </Button>
      )}{' '}
      {moved.id !== own && (
        <Button size="small" onMouseDown={stay} onClick={() => onInstead(moved)}>
          {t('contact.openThat')}
        </Button>
      )}
    </p>
  );
}
