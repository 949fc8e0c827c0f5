import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { aroundAnswers } from '../../api/enums.gen';
import { useWrite } from '../../app/useWrite';
import { Dialog } from '../../ui/Dialog';
import { ProblemBox } from '../../ui/Problem';
import { Came, CameAround } from './Came';
import {
  type Answer,
  type Around,
  agree,
  answer,
  aroundsOf,
  type Introduction,
  introductionsOf,
  ofTies,
} from './queries';

/** Asked is what colleagues ask of one: an introduction, or whether one knows somebody. One tap answers. */
export function Asked() {
  const { t } = useTranslation();
  const introductions = useQuery(introductionsOf).data?.asked ?? [];
  const arounds = useQuery(aroundsOf).data?.asked ?? [];
  const count = introductions.length + arounds.length;
  if (count === 0) return null;
  return (
    <section className="card" aria-label={t('tie.askedOf', { count })}>
      <h2>
        {t('tie.askedOf', { count })} <span>{t('tie.noDeal')}</span>
      </h2>
      {introductions.map((i) => (
        <Introduce key={i.id} i={i} />
      ))}
      {arounds.map((k) => (
        <Know key={k.id} k={k} />
      ))}
    </section>
  );
}

/**
 * AnswerDialog is one thing a colleague asks, to be answered where a notice led to it; or what came of what one asked
 * oneself.
 */
export function AnswerDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const introductions = useQuery(introductionsOf);
  const arounds = useQuery(aroundsOf);
  const [i, mine] = [introductions.data?.asked, introductions.data?.mine].map((all) => all?.find((x) => x.id === id));
  const [k, around] = [arounds.data?.asked, arounds.data?.mine].map((all) => all?.find((x) => x.id === id));
  const came = mine ?? around;
  return (
    <Dialog
      title={came ? t('tie.who', { name: came.name }) : t('tie.askedOf', { count: 1 })}
      footer={() => null}
      onOk={() => {}}
      onClose={onClose}
    >
      <ProblemOf of={introductions.error ?? arounds.error} />
      {i && <Introduce i={i} onDone={onClose} />}
      {k && <Know k={k} onDone={onClose} />}
      {mine && <Came i={mine} />}
      {around && <CameAround k={around} />}
      {!i && !k && !came && introductions.data && arounds.data && <p>{t('tie.over')}</p>}
    </Dialog>
  );
}

const ProblemOf = ({ of }: { of: unknown }) => (of ? <ProblemBox error={of} /> : null);

function Introduce({ i, onDone }: { i: Introduction; onDone?: () => void }) {
  const { t } = useTranslation();
  const say = useWrite((yes: boolean) => agree(i.id, yes), {
    told: true,
    said: t('tie.answered'),
    done: onDone,
    stale: ofTies,
  });
  return (
    <div className="pad line-below stack-6">
      <span className="ink2">{t('tie.wants', { who: i.askerName })}</span>
      <div>
        <b>{i.name}</b> {[i.accountName, i.title].filter(Boolean).join(' ')}
      </div>
      <div>{t('tie.quoted', { text: i.sentence })}</div>
      <div className="wrap-8">
        <Button type="primary" loading={say.isPending} onClick={() => say.mutate(true)}>
          {t('tie.yes')}
        </Button>
        <Button disabled={say.isPending} onClick={() => say.mutate(false)}>
          {t('tie.no')}
        </Button>
      </div>
      <small className="ink2">{t('tie.unseen', { who: i.askerName })}</small>
    </div>
  );
}

function Know({ k, onDone }: { k: Around; onDone?: () => void }) {
  const { t } = useTranslation();
  const say = useWrite((said: Answer) => answer(k.id, said), {
    told: true,
    said: t('tie.answered'),
    done: onDone,
    stale: ofTies,
  });
  return (
    <div className="pad line-below stack-6">
      <span className="ink2">{t('tie.around.asks', { who: k.askerName })}</span>
      <div>{t(k.former ? 'tie.around.doFormer' : 'tie.around.do', { name: k.name, former: k.former })}</div>
      <div className="wrap-8">
        {aroundAnswers.map((a) => (
          <Button key={a} disabled={say.isPending} onClick={() => say.mutate(a)}>
            {t(`tie.around.answer.${a}`)}
          </Button>
        ))}
      </div>
      <small className="ink2">{t('tie.around.unseen')}</small>
    </div>
  );
}
