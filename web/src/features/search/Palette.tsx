import { useQuery } from '@tanstack/react-query';
import { Input, type InputRef, Modal } from 'antd';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { ProblemBox } from '../../ui/Problem';
import { keepRecent, type Line, linesOf, parted, recentOf } from './lines';
import { found, type Hit, type Kind } from './queries';
import './search.css';

const REST = 150; // milliseconds the writing rests before it is searched for

interface Props {
  /** begun gives, once, what was typed before the field was there. */
  begun: () => string;
  onClose: () => void;
}

/** Palette finds deals, accounts and people from anywhere, and goes there. */
export default function Palette({ begun, onClose }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const go = useNavigate();
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const field = useRef<InputRef>(null);
  useEffect(() => {
    const soon = setTimeout(() => {
      field.current?.focus(); // after the dialog has taken the focus
      setTyped(begun());
    });
    return () => clearTimeout(soon);
  }, [begun]);
  useEffect(() => {
    const soon = setTimeout(() => setQ(typed.trim()), typed ? REST : 0);
    return () => clearTimeout(soon);
  }, [typed]);
  const list = useQuery(found(q));
  const beside = (kind: Kind, h: Hit) =>
    [
      h.name.includes(h.account) ? '' : h.account,
      h.detail,
      kind === 'member' && h.left ? t('search.left') : '',
      h.ownerId && names.member(h.ownerId),
    ]
      .filter(Boolean)
      .join(' · ');
  const lines = q === '' ? recentOf(me.memberId) : linesOf(list.data?.groups ?? [], q, beside);
  const choose = (line: Line | undefined) => {
    if (!line) return;
    keepRecent(me.memberId, line);
    onClose();
    go(line.to);
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return; // the keys are the input method's
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      e.preventDefault();
      setAt((n) => (lines.length ? (n + step + lines.length) % lines.length : 0));
    } else if (e.key === 'Enter') {
      e.preventDefault();
      if (q === typed.trim()) choose(lines[at]);
    }
  };
  const option = (n: number) => `${id}-${n}`;
  return (
    <Modal open title={t('search.title')} footer={null} onCancel={onClose} width={640} className="palette">
      <Input
        ref={field}
        size="large"
        type="search"
        role="combobox"
        aria-expanded={lines.length > 0}
        aria-controls={id}
        aria-activedescendant={lines.length ? option(at) : undefined}
        aria-label={t('search.title')}
        placeholder={t('search.hint')}
        maxLength={100}
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      {list.isError && <ProblemBox error={list.error} retry={list.refetch} />}
      <div id={id} role="listbox" aria-label={t('search.title')} aria-busy={list.isFetching} className="found">
        {lines.map((line, n) => (
          <Found
            key={line.key}
            id={option(n)}
            line={line}
            head={
              q === ''
                ? n === 0
                  ? t('search.recent')
                  : ''
                : line.kind !== lines[n - 1]?.kind
                  ? t(`search.kind.${line.kind}`)
                  : ''
            }
            chosen={n === at}
            onPoint={() => setAt(n)}
            onChoose={() => choose(line)}
          />
        ))}
      </div>
      {q === '' && lines.length === 0 && <p className="found-none">{t('search.begin')}</p>}
      {q !== '' && list.data && !list.isPlaceholderData && lines.length === 0 && (
        <p className="found-none" role="status">
          {t('search.none', { q })}
        </p>
      )}
    </Modal>
  );
}

interface FoundProps {
  id: string;
  line: Line;
  head: string;
  chosen: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

/** Found is a line to choose, under the heading of its kind where it is the first. */
function Found({ id, line, head, chosen, onPoint, onChoose }: FoundProps) {
  const { t } = useTranslation();
  const [before, marked, behind] = parted(line.name, line.mark);
  return (
    <>
      {head && (
        <div className="found-head" role="presentation">
          {head}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        tabIndex={-1}
        className="found-line"
        onMouseMove={onPoint}
        onClick={onChoose}
      >
        {line.all ? (
          <span className="found-all">{t('search.all', { n: line.all })}</span>
        ) : (
          <span className="found-name">
            {before}
            {marked && <mark>{marked}</mark>}
            {behind}
          </span>
        )}
        <span className="found-beside">{line.beside}</span>
      </div>
    </>
  );
}
