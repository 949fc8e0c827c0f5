import { MailForm } from './MailForm';
import { Queue } from './Queue';
import { Robots } from './Robots';

/** Ways are the ways by which notices leave the house, and what went them and what did not. */
export function Ways() {
  return (
    <>
      <Queue />
      <MailForm />
      <Robots />
    </>
  );
}
