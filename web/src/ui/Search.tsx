import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrl } from './useUrl';

/** PAUSE is how long the writing rests before what is written is asked for, in milliseconds. */
const PAUSE = 300;

/**
 * Search finds by name, pinyin or initials: once the writing rests, at once on Enter, and not while an input method
 * still composes. What the address asks for stands in it, whoever changed the address.
 */
export function Search({ className }: { className: string }) {
  const { t } = useTranslation();
  const { get, set } = useUrl();
  const asked = get('q') ?? '';
  const [text, setText] = useState(asked);
  const timer = useRef(0);
  const own = useRef<string[]>([]); // asked from here, and not in the address yet
  useEffect(() => {
    const at = own.current.indexOf(asked);
    own.current = at < 0 ? [] : own.current.slice(at + 1);
    if (at >= 0) return;
    clearTimeout(timer.current);
    setText(asked);
  }, [asked]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (v: string, pause: number) => {
    setText(v);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      if (v === (own.current.at(-1) ?? asked)) return;
      own.current.push(v);
      set({ q: v });
    }, pause);
  };
  return (
    <Input.Search
      allowClear
      aria-label={t('common.search')}
      placeholder={t('common.searchHint')}
      value={text}
      className={className}
      onChange={(e) => {
        const composing = 'isComposing' in e.nativeEvent && e.nativeEvent.isComposing;
        if (composing) setText(e.target.value);
        else ask(e.target.value, PAUSE);
      }}
      onCompositionEnd={(e) => ask(e.currentTarget.value, PAUSE)}
      onSearch={(v) => ask(v, 0)}
    />
  );
}
