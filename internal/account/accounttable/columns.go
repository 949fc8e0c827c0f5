// Package accounttable is the lists of accounts, people and product lines as tables that are written
// and come back: their columns, before a company's own fields.
package accounttable

import "yunchou/internal/sheet"

// Columns of the tables.
var (
	Accounts = []sheet.Column{
		{Target: "id", Label: sheet.Label{"编号", "ID"}, Exported: true},
		{Target: "name", Label: sheet.Label{"客户名称", "Account"}},
		{Target: "industry", Label: sheet.Label{"行业", "Industry"}},
		{Target: "region", Label: sheet.Label{"区域", "Region"}},
		{Target: "class", Label: sheet.Label{"等级", "Class"}},
		{Target: "owner", Label: sheet.Label{"负责人", "Owner"}},
		{Target: "parent", Label: sheet.Label{"上级客户", "Parent account"}},
		{Target: "createdOn", Label: sheet.Label{"创建日期", "Created on"}},
		{Target: "asOf", Label: sheet.Label{"导出时的记录号", "As of entry"}, Exported: true},
	}
	Contacts = []sheet.Column{
		{Target: "id", Label: sheet.Label{"编号", "ID"}, Exported: true},
		{Target: "name", Label: sheet.Label{"姓名", "Name"}},
		{Target: "account", Label: sheet.Label{"客户", "Account"}},
		{Target: "department", Label: sheet.Label{"部门", "Department"}},
		{Target: "title", Label: sheet.Label{"职务", "Title"}},
		{Target: "mobile", Label: sheet.Label{"手机", "Mobile"}},
		{Target: "phone", Label: sheet.Label{"电话", "Phone"}},
		{Target: "email", Label: sheet.Label{"邮箱", "E-mail"}},
		{Target: "wechat", Label: sheet.Label{"微信", "WeChat"}},
		{Target: "asOf", Label: sheet.Label{"导出时的记录号", "As of entry"}, Exported: true},
	}
	Products = []sheet.Column{
		{Target: "name", Label: sheet.Label{"产品线", "Product line"}},
		{Target: "series", Label: sheet.Label{"系列", "Series"}},
		{Target: "listPrice", Label: sheet.Label{"目录价", "List price"}},
	}
)
