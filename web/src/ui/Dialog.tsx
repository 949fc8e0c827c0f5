import { Modal } from 'antd';
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useForm } from './forms';
import { useOpener } from './opener';
import { FieldProblem, ProblemBox, useFieldProblem } from './Problem';
import { stay, useSeen } from './seen';
import './sheet.css';

/** onList tells that Enter is for the list of suggestions that is open, not for the form. */
const onList = () => document.activeElement?.getAttribute('aria-expanded') === 'true';

/**
 * Dialog is every form over a page: it begins in the first field, Enter does what its button does, Escape leaves, the
 * focus goes back to where it was, and what the server refuses stands at its field, else above the form.
 */
export function Dialog({
  title,
  ok,
  ready = true,
  danger,
  pending,
  held,
  error,
  footer,
  width,
  read,
  onOk,
  onClose,
  children,
}: {
  title: ReactNode;
  ok?: string;
  ready?: boolean;
  danger?: boolean;
  pending?: boolean;
  /** What it shows is shown this once: neither Escape nor a click beside it closes it, only its button does. */
  held?: boolean;
  error?: unknown;
  /** In the place of the two buttons; its submit button names the form by the id it is given. */
  footer?: (form: string) => ReactNode;
  width?: number;
  /** It is read before anything is typed: the focus is in no field, and no keyboard covers it. */
  read?: boolean;
  onOk: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const opener = useOpener();
  useSeen();
  useForm();
  const problem = useFieldProblem(error);
  useEffect(() => {
    const first = () =>
      form.current?.querySelector<HTMLElement>(
        'input:not([type=hidden], [hidden], :disabled), textarea:not(:disabled), .pick button:not(:disabled)',
      );
    const soon = setTimeout(() => !read && first()?.focus({ preventScroll: true }));
    return () => {
      clearTimeout(soon);
      // When the page has drawn itself without the dialog.
      setTimeout(() => opener?.isConnected && opener.focus({ preventScroll: true }));
    };
  }, [opener, read]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal is looked for anew
  useEffect(() => {
    form.current?.querySelector('.field.wrong')?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    // A form over this one tells its parents in React, though it lies elsewhere on the page.
    if (e.target !== e.currentTarget || !ready || pending || onList()) return;
    // What was typed as a day and is none is not left out in silence.
    const unread = e.currentTarget.querySelector<HTMLElement>('[data-date="unread"]');
    if (unread) unread.focus();
    else onOk();
  };
  return (
    <Modal
      open
      title={title}
      width={width}
      onCancel={onClose}
      closable={!held}
      keyboard={!held}
      mask={{ closable: !held }}
      okText={ok}
      okButtonProps={{ disabled: !ready, danger, htmlType: 'submit', form: id }}
      confirmLoading={pending}
      footer={(buttons) => {
        const shown = footer ? footer(id) : buttons;
        // biome-ignore lint/a11y/noStaticElementInteractions: what is pressed are its buttons
        return shown && <div onMouseDown={stay}>{shown}</div>;
      }}
    >
      <FieldProblem.Provider value={problem}>
        <form id={id} ref={form} className="dialog" onSubmit={submit} noValidate>
          {error !== null && error !== undefined && <ProblemBox error={error} />}
          {children}
        </form>
      </FieldProblem.Provider>
    </Modal>
  );
}
