import type { Announcements, UniqueIdentifier } from '@dnd-kit/core';
import { useTranslation } from 'react-i18next';

type Named = { data: { current?: { name?: string } } };

/** useSpoken is what a board says to somebody who hears it: how a card is moved, and where it is. */
export function useSpoken(stages: { id: string; name: string }[]) {
  const { t } = useTranslation();
  const of = (active: Named, over?: { id: UniqueIdentifier } | null) => ({
    name: active.data.current?.name ?? '',
    stage: stages.find((s) => s.id === over?.id)?.name ?? '',
  });
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('board.taken', of(active)),
    onDragOver: ({ active, over }) => (over ? t('board.over', of(active, over)) : undefined),
    onDragEnd: ({ active, over }) => t(over ? 'board.dropped' : 'board.back', of(active, over)),
    onDragCancel: ({ active }) => t('board.back', of(active)),
  };
  return { screenReaderInstructions: { draggable: t('board.dragHow') }, announcements };
}
