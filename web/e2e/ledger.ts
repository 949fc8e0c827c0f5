import type { CellValue } from './workbook';

// An ordinary 台账 as a sales team keeps it: title rows, the header in row 3, amounts in 万元 or in words, days in words,
// a line of sums per quarter, and a note at the end. What it comes to is computed here, apart from the program.

const stages = ['初步接触', '方案报价', '商务谈判', '已签约', '已丢单'];
const people = ['赵一鸣', '钱二喜', '孙三多', '李四维'];

export type Ledger = { rows: CellValue[][]; deals: number; stage: Record<string, { count: number; wan: number }> };

export function ledger(): Ledger {
  const rows: CellValue[][] = [
    ['华东大区2026年商机台账', null, null, null, null, null, null, null],
    ['填表:销售运营部', null, null, null, null, null, '更新:2026-03-20', null],
    ['序号', '客户名称', '项目名称', '销售员', '项目阶段', '预计金额(万元)', '预计签约时间', '备注'],
  ];
  const stage: Ledger['stage'] = {};
  let deals = 0;
  for (let quarter = 1; quarter <= 3; quarter++) {
    let sum = 0;
    for (let i = 0; i < 12; i++) {
      deals++;
      const [said, wan] = amountOf(deals);
      const at = stages[(deals * 7) % 5] as string;
      const found = stage[at] ?? { count: 0, wan: 0 };
      stage[at] = { count: found.count + 1, wan: found.wan + wan };
      sum += wan;
      rows.push([
        deals,
        `${['宁波海川', '苏州远望', '杭州青禾', '无锡明德'][deals % 4]}机械有限公司`,
        `${deals}号线改造项目`,
        people[deals % 4] as string,
        at,
        said,
        dayOf(deals),
        deals % 9 === 0 ? '客户要求年内交付' : null,
      ]);
    }
    rows.push(['小计', null, null, null, null, sum, null, null]);
  }
  const all = Object.values(stage).reduce((n, s) => n + s.wan, 0);
  rows.push(['合计', null, null, null, null, all, null, null]);
  rows.push(['注:金额为含税预估', null, null, null, null, null, null, null]);
  return { rows, deals, stage };
}

/** amountOf is what a cell says and how much that is, in 万. */
function amountOf(n: number): [CellValue, number] {
  if (n % 11 === 0) return ['待定', 0];
  if (n % 7 === 0) return ['约60万', 60];
  if (n % 5 === 0) return ['1,200', 1200];
  return [10 + n / 2, 10 + n / 2];
}

function dayOf(n: number): CellValue {
  return ['2026/10/15', '12月底', '2026年Q4', '2026年11月8日', '待定'][n % 5] as string;
}
