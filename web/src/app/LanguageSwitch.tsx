import { useTranslation } from 'react-i18next';
import { setLocale } from './i18n';

/** LanguageSwitch stands on the pages before the product, whose language is the company's guess. */
export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const zh = i18n.language === 'zh-CN';
  return (
    <p className="centred-foot">
      <button type="button" className="open" onClick={() => setLocale(zh ? 'en-US' : 'zh-CN')}>
        {zh ? 'English' : '中文'}
      </button>
    </p>
  );
}
