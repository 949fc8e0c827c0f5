import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useOrg, usePipelines } from '../../app/session';

/** useFilter keeps the filter in the URL, so that a link shows what its sender saw. */
export function useFilter() {
  const [params, setParams] = useSearchParams();
  const set = (patch: Record<string, string | undefined>) =>
    setParams(
      (p) => {
        for (const [k, v] of Object.entries(patch)) {
          if (v) p.set(k, v);
          else p.delete(k);
        }
        return p;
      },
      { replace: true },
    );
  return { get: (k: string) => params.get(k) ?? undefined, set, params };
}

/** FilterBar is what board, list and funnel share: pipeline, team, owner, search. */
export function FilterBar({ search = true, fallback }: { search?: boolean; fallback?: string }) {
  const { t } = useTranslation();
  const { get, set, params } = useFilter();
  const org = useOrg().data;
  const pipelines = usePipelines().data;
  return (
    <>
      {search && (
        <Input.Search
          allowClear
          aria-label={t('common.search')}
          placeholder={t('common.searchHint')}
          defaultValue={get('q')}
          onSearch={(v) => set({ q: v })}
          style={{ width: 220 }}
        />
      )}
      <Select
        aria-label={t('opp.pipeline')}
        value={get('pipeline') ?? fallback}
        onChange={(v) => set({ pipeline: v, stage: undefined })}
        style={{ minWidth: 130 }}
        options={pipelines?.map((p) => ({ value: p.id, label: p.name }))}
      />
      <Select
        aria-label={t('opp.team')}
        allowClear
        placeholder={t('opp.team')}
        value={get('team')}
        onChange={(v) => set({ team: v })}
        style={{ minWidth: 120 }}
        showSearch={{ optionFilterProp: 'label' }}
        options={org?.teams.map((x) => ({ value: x.id, label: x.name }))}
      />
      <Select
        aria-label={t('opp.owner')}
        allowClear
        placeholder={t('opp.owner')}
        value={get('owner')}
        onChange={(v) => set({ owner: v })}
        style={{ minWidth: 120 }}
        showSearch={{
          filterOption: (text, o) =>
            `${o?.label} ${(o as { key2?: string })?.key2}`.toLowerCase().includes(text.toLowerCase()),
        }}
        options={org?.members.map((x) => ({ value: x.id, label: x.name, key2: `${x.pinyin} ${x.initials}` }))}
      />
      {[...params.keys()].length > 0 && (
        <Button type="text" onClick={() => set(Object.fromEntries([...params.keys()].map((k) => [k, undefined])))}>
          {t('common.clear')}
        </Button>
      )}
    </>
  );
}
