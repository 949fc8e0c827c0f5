import { Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** usePages walks a keyset list; another question begins on its first page. */
export function usePages(question: unknown) {
  const key = JSON.stringify(question);
  const [at, setAt] = useState<{ key: string; cursors: string[] }>({ key, cursors: [] });
  const cursors = at.key === key ? at.cursors : [];
  return {
    cursor: cursors.at(-1),
    first: cursors.length === 0,
    back: () => setAt({ key, cursors: cursors.slice(0, -1) }),
    forth: (next: string) => setAt({ key, cursors: [...cursors, next] }),
  };
}

/** Pager is "previous" and "next" under a list. */
export function Pager({ pages, next }: { pages: ReturnType<typeof usePages>; next: string | undefined }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  if (pages.first && !next) return null;
  const turn = (page: () => void) => {
    page();
    // Another page is read from its beginning.
    const list = bar.current?.closest('.card') ?? bar.current?.previousElementSibling;
    if (list && list.getBoundingClientRect().top < 0) list.scrollIntoView({ block: 'start' });
  };
  return (
    <div className="filters pager" ref={bar}>
      <Button disabled={pages.first} onClick={() => turn(pages.back)}>
        {t('common.previous')}
      </Button>
      <Button disabled={!next} onClick={() => next && turn(() => pages.forth(next))}>
        {t('common.next')}
      </Button>
    </div>
  );
}
