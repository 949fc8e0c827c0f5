import { useTranslation } from 'react-i18next';
import { useFields } from '../../app/CustomFields';
import { usePipeline, usePipelines } from '../../app/session';
import { type Part, recordOf, type StageSpec } from './mapping';

/** useTargetWord says what a field of a kind of file is called. */
export function useTargetWord() {
  const { t } = useTranslation();
  return (kind: string, target: string, own: Record<string, string> = {}) => {
    if (target.startsWith('entered.')) return t('import.entered', { stage: target.slice('entered.'.length) });
    if (target.startsWith('custom.')) return own[target.slice('custom.'.length)] ?? target.slice('custom.'.length);
    const key = target.replace('.', '_');
    return t([`import.target.${kind}_${key}`, `import.target.${key}`, 'import.otherField']);
  };
}

/** useStages are the stages a part's records may stand in: of its own pipeline, or of one that is there. */
export function useStages(p: Part): StageSpec[] {
  const pipelines = usePipelines().data;
  const made = p.pipelines.find((x) => x.name === p.spec.pipeline);
  const there = usePipeline(made ? undefined : pipelines?.find((x) => x.name === p.spec.pipeline)?.id).data;
  return made?.stages ?? there?.stages.map((s) => ({ name: s.name, kind: s.kind })) ?? [];
}

export type Target = { key: string; label: string };

/** useTargets are the fields the columns of a part may go into, and how own fields are typed. */
export function useTargets(p: Part) {
  const kind = p.spec.kind;
  const word = useTargetWord();
  const own = useFields(recordOf(kind));
  const stages = useStages(p);
  const labels = Object.fromEntries([
    ...own.map((f) => [f.key, f.label]),
    ...p.fields.filter((f) => f.record === recordOf(kind)).map((f) => [f.key, f.label]),
  ]) as Record<string, string>;
  const label = (target: string) => word(kind, target, labels);
  const builtIn: Target[] = [];
  const days: Target[] = [];
  const custom: Target[] = [];
  for (const target of p.preview.targets[kind] ?? []) {
    if (target === 'entered.')
      for (const s of stages.filter((x) => x.kind === 'open'))
        days.push({ key: `entered.${s.name}`, label: label(`entered.${s.name}`) });
    else if (target === 'custom.')
      for (const key of Object.keys(labels)) custom.push({ key: `custom.${key}`, label: labels[key] ?? key });
    else builtIn.push({ key: target, label: label(target) });
  }
  const mayAdd = !!p.preview.targets[kind]?.includes('custom.');
  const types = Object.fromEntries(own.map((f) => [f.key, f.type])) as Record<string, string>;
  return { builtIn, days, custom, label, types, mayAdd, taken: own.map((f) => f.key) };
}

/** useTypes tells the types of own fields, by the kind of a file. */
export function useTypes() {
  const all = {
    account: useFields('account'),
    contact: useFields('contact'),
    opportunity: useFields('opportunity'),
  };
  return (kind: string): Record<string, string> =>
    Object.fromEntries(all[recordOf(kind)].map((f) => [f.key, f.type as string]));
}
