import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';

/** LinkButton goes to a page: one thing to the keyboard, where a button in a link would be two. */
export function LinkButton({
  to,
  type = 'default',
  size,
  children,
}: {
  to: string;
  type?: 'primary' | 'default';
  size?: 'small';
  children: ReactNode;
}) {
  return (
    <Button type={type} size={size} href={useHref(to)} onClick={useLinkClickHandler<HTMLElement>(to) as never}>
      {children}
    </Button>
  );
}
