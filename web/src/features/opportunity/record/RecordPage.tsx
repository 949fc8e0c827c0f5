import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Attachments } from '../../../app/Attachments';
import { usePhone } from '../../../ui/bits';
import { later } from '../../../ui/later';
import { Missing, ProblemBox } from '../../../ui/Problem';
import { ChangeDialog, Changes } from '../../change/later';
import { Rivals } from '../../competitor/later';
import { Jump } from '../../conversation/Jump';
import { Conversation } from '../../conversation/later';
import { Guidance, Ways } from '../../guidance/later';
import { PeopleThere } from '../../relation/later';
import { Timeline } from '../../timeline/Timeline';
import { EvidenceDialog, FollowUpDialog, HandoverDialog, MoveDialog } from '../dialogs';
import { opportunityDetail, type RecordBody } from '../queries';
import { Actions } from './Actions';
import type { Dialog } from './dialogs';
import { Facts } from './Facts';
import { Head, Stages } from './Head';
import { Milestones } from './Milestones';
import { People } from './People';
import { Steps } from './Steps';

const EditDialog = later(() => import('./EditDialog').then((m) => m.EditDialog));
const ContactsDialog = later(() => import('./WhoParts').then((m) => m.ContactsDialog));
const CorrectDialog = later(() => import('./Parts').then((m) => m.CorrectDialog));
const LinesDialog = later(() => import('./Parts').then((m) => m.LinesDialog));
const OwningTeamDialog = later(() => import('./WhoParts').then((m) => m.OwningTeamDialog));
const PipelineDialog = later(() => import('./Parts').then((m) => m.PipelineDialog));
const SharesDialog = later(() => import('./WhoParts').then((m) => m.SharesDialog));
const TakeBackDialog = later(() => import('./Parts').then((m) => m.TakeBackDialog));
const TeamDialog = later(() => import('./WhoParts').then((m) => m.TeamDialog));

/** RecordPage: summary, clocks, milestones, timeline and people of one opportunity, on one page. */
export default function RecordPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation();
  const phone = usePhone();
  const record = useQuery(opportunityDetail(id));
  const [dialog, setDialog] = useState<Dialog>(null);
  // What a form replaces is what it was opened on, whoever writes meanwhile.
  const [read, setRead] = useState<RecordBody>();
  if (!record.data)
    return (
      <>
        <Missing of={record} className="mt-24" />
        {record.isError && <Link to="/opportunities">{t('record.back')}</Link>}
      </>
    );
  const r = record.data;
  const asOpened = read ?? r;
  const open = (d: Dialog) => {
    setRead(r);
    setDialog(d);
  };
  const stage = r.pipeline.stages.find((s) => s.id === r.stageId);
  const rivals = !r.deleted && <Rivals opportunity={r.id} present={r.competitors} currency={r.currency} />;
  const milestone = dialog?.kind === 'evidence' ? stage?.milestones.find((m) => m.key === dialog.key) : undefined;
  return (
    <>
      {record.isError && <ProblemBox error={record.error} retry={record.refetch} />}
      {!phone && <Actions r={r} open={open} />}
      <Head r={r} />
      {phone && <Actions r={r} open={open} />}
      {phone && !r.deleted && <Ways kind="opportunity" id={r.id} ownerId={r.ownerId} />}
      {phone && !r.deleted && <Jump kind="opportunity" id={r.id} />}
      <Stages r={r} open={open} />
      {r.state === 'open' && !r.deleted && (
        <Changes
          opportunity={r.id}
          onMeet={r.mayWrite ? (who) => open({ kind: 'followUp', with: [who] }) : undefined}
        />
      )}
      {!phone && r.contacts.length > 0 && <PeopleThere r={r} open={open} />}
      <div className="three">
        <div>
          {r.state === 'open' && <Milestones r={r} open={open} />}
          <Steps r={r} />
          {phone && rivals}
          {phone && r.contacts.length > 0 && <PeopleThere r={r} open={open} />}
          <Facts r={r} open={open} />
          <Attachments kind="opportunity" id={r.id} mayWrite={r.mayWrite} />
        </div>
        <div>
          {!r.deleted && <Guidance kind="opportunity" id={r.id} ownerId={r.ownerId} />}
          {!r.deleted && <Conversation kind="opportunity" id={r.id} />}
          <Timeline of="opportunity" id={r.id} currency={r.currency} />
        </div>
        <div>
          {!phone && rivals}
          <div className={rivals ? 'mt-16' : undefined}>
            <People r={r} open={open} />
          </div>
        </div>
      </div>
      {dialog?.kind === 'move' && (
        <MoveDialog opp={r} pipeline={r.pipeline} target={dialog.to} path="form" onClose={() => setDialog(null)} />
      )}
      {dialog?.kind === 'followUp' && (
        <FollowUpDialog
          topic={{ id: r.id, accountId: r.accountId, name: r.name, account: r.account }}
          at={r.id}
          people={dialog.with}
          onClose={() => setDialog(null)}
        />
      )}
      {milestone && (
        <EvidenceDialog
          id={r.id}
          accountId={r.accountId}
          stageId={r.stageId}
          milestone={milestone}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'edit' && <EditDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'handover' && (
        <HandoverDialog ids={[r.id]} ownerId={r.ownerId} onClose={() => setDialog(null)} />
      )}
      {dialog?.kind === 'shares' && <SharesDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'owningTeam' && <OwningTeamDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'team' && <TeamDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'contacts' && <ContactsDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'change' && (
        <ChangeDialog contact={dialog.contact} opportunityId={r.id} onClose={() => setDialog(null)} />
      )}
      {dialog?.kind === 'lines' && <LinesDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'pipeline' && <PipelineDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'correct' && <CorrectDialog r={asOpened} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'takeBack' && <TakeBackDialog r={asOpened} onClose={() => setDialog(null)} />}
    </>
  );
}
