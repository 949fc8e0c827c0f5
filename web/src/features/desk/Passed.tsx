import type { Schemas } from '../../api/client';
import { Deal, PassedChip } from './Deal';

/** Passed is one deal that was to be closed by now. */
export function Passed({ o, team }: { o: Schemas['OpportunityOppBody']; team: boolean }) {
  return (
    <Deal o={o} kind="w" team={team}>
      <div className="why">
        <PassedChip o={o} />
      </div>
    </Deal>
  );
}
