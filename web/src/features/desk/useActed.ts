import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';

/** useActed runs what is done on the desk; then everything about deals is asked anew and the form closes. */
export function useActed(fn: () => Promise<unknown>, onClose: () => void) {
  const query = useQueryClient();
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: fn,
    onSuccess: async () => {
      message.success(t('common.saved'));
      onClose();
      await query.invalidateQueries({ queryKey: ['opportunity'] });
      await query.invalidateQueries({ queryKey: ['funnel'] });
    },
  });
}
