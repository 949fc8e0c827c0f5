import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';

export type Act = { label: string; act: () => void; danger?: boolean };

/** More is what is seldom done with a customer: beside the rest, and on a phone behind one button. */
export function More({ items, phone }: { items: readonly Act[]; phone: boolean }) {
  const { t } = useTranslation();
  if (!phone)
    return items.map(({ label, act }) => (
      <Button key={label} onClick={act}>
        {label}
      </Button>
    ));
  if (items.length === 0) return null;
  return (
    <Dropdown
      menu={{
        items: items.map(({ label, danger }) => ({ key: label, label, danger })),
        onClick: ({ key }) => items.find((x) => x.label === key)?.act(),
      }}
    >
      <Button aria-label={t('common.more')}>⋯</Button>
    </Dropdown>
  );
}
