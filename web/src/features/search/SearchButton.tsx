import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { later } from '../../ui/later';
import './button.css';

const Palette = later(() => import('./Palette').then((m) => m.default));
const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

/** writing tells that keys are somebody's text. */
const writing = (on: EventTarget | null) =>
  on instanceof HTMLElement && (on.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(on.tagName));

/** SearchButton opens the search that crosses kinds; so do Ctrl+K, and a slash outside of fields. */
export function SearchButton({ small }: { small?: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const ahead = useTypedAhead(open);
  useEffect(() => {
    if (small) return; // the other one has the keys
    const onKey = (e: KeyboardEvent) => {
      const asked = e.key.toLowerCase() === 'k' && (APPLE ? e.metaKey : e.ctrlKey) && !e.altKey && !e.shiftKey;
      const slash = e.key === '/' && !e.ctrlKey && !e.metaKey && !e.altKey && !writing(e.target);
      if (!asked && (!slash || document.querySelector('.ant-modal-wrap'))) return;
      e.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [small]);
  return (
    <>
      <button type="button" className="search-all" onClick={() => setOpen(true)}>
        {t('search.open')} <kbd>{APPLE ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {open && <Palette begun={ahead} onClose={() => setOpen(false)} />}
    </>
  );
}

/** useTypedAhead keeps what is typed before the field is there to take it, and gives it once. */
function useTypedAhead(open: boolean) {
  const kept = useRef('');
  useEffect(() => {
    if (!open) return;
    kept.current = '';
    const onKey = (e: KeyboardEvent) => {
      if (writing(e.target) || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.key === 'Backspace') kept.current = kept.current.slice(0, -1);
      else if (e.key.length === 1) kept.current += e.key;
      else return;
      e.preventDefault(); // a space would press the button again
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
  return useCallback(() => {
    const text = kept.current;
    kept.current = '';
    return text;
  }, []);
}
