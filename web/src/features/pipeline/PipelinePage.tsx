import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pipelineOf } from '../../app/queries';
import { usePipelines } from '../../app/session';
import { Missing } from '../../ui/Problem';
import { Editor } from './Editor';

/** PipelinePage: a form with publish-and-map. What publishing does is shown before it is done. */
export default function PipelinePage() {
  const { t } = useTranslation();
  const pipelines = usePipelines();
  const [picked, setPicked] = useState<string>();
  const [isNew, setNew] = useState(false);
  const id = picked ?? pipelines.data?.[0]?.id;
  const version = useQuery({ ...pipelineOf(id ?? ''), enabled: !!id });
  return (
    <>
      <div className="top">
        <h1>{t('pipeline.title')}</h1>
        <Select
          aria-label={t('opp.pipeline')}
          value={isNew ? undefined : id}
          onChange={(v) => {
            setPicked(v);
            setNew(false);
          }}
          className="minw-160"
          options={pipelines.data?.map((p) => ({ value: p.id, label: `${p.name} v${p.number}` }))}
        />
        <Button onClick={() => setNew(true)}>{t('pipeline.new')}</Button>
      </div>
      <div className="sub">{t('pipeline.lead')}</div>
      {isNew || pipelines.data?.length === 0 ? (
        <Editor
          key="new"
          onDone={(v) => {
            setPicked(v.pipelineId);
            setNew(false);
          }}
        />
      ) : version.data ? (
        <Editor key={version.data.id} version={version.data} onDone={() => version.refetch()} />
      ) : (
        <Missing of={pipelines.isError ? pipelines : version} />
      )}
    </>
  );
}
