package form

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// abroad are words of headings in German, French, Spanish, Portuguese, Italian and Japanese, without
// their marks, to the English ones our fields are called by; "" says nothing.
var abroad = map[string]string{
	"kunde": "customer", "kunden": "customer", "kundenname": "customer name", "firma": "company", "unternehmen": "company", "konto": "account",
	"ansprechpartner": "contact", "verantwortlich": "owner", "verantwortlicher": "owner", "zustandig": "owner", "betreuer": "owner", "inhaber": "owner",
	"verkaufer": "seller", "vertriebsmitarbeiter": "seller", "mitarbeiter": "employee", "betrag": "amount", "umsatz": "revenue", "wert": "value",
	"auftragswert": "deal value", "volumen": "value", "preis": "price", "wahrung": "currency", "verkaufsphase": "stage", "vertriebsphase": "stage",
	"verkaufschance": "opportunity", "projekt": "project", "projektname": "project name", "geschaft": "deal", "titel": "title", "bezeichnung": "name",
	"erstellt": "create", "erstellungsdatum": "create date", "erstelldatum": "create date", "angelegt": "create", "abschluss": "close",
	"abschlussdatum": "close date", "geschlossen": "close", "erwartet": "expect", "erwarteter": "expect", "erwartetes": "expect", "voraussichtlich": "expect",
	"voraussichtlicher": "expect", "voraussichtliches": "expect", "geplant": "expect", "geplanter": "expect", "wahrscheinlichkeit": "probability",
	"quelle": "source", "branche": "industry", "stadt": "city", "telefon": "phone", "handy": "mobile", "mobil": "mobile", "vorname": "first name",
	"nachname": "last name", "produkt": "product", "artikel": "product", "verlustgrund": "loss reason", "wettbewerber": "competitor", "nummer": "id", "nr": "id",
	"datum": "date", "bearbeiter": "owner", "am": "on", "zeitstempel": "timestamp", "vorgang": "case", "aktivitat": "activity", "land": "country",
	"montant": "amount", "etape": "stage", "societe": "company", "entreprise": "company", "compte": "account", "responsable": "owner",
	"proprietaire": "owner", "commercial": "seller", "vendeur": "seller", "creation": "create", "cloture": "close", "prevu": "expect", "prevue": "expect",
	"previsionnelle": "expect", "probabilite": "probability", "devise": "currency", "affaire": "deal", "opportunite": "opportunity", "projet": "project",
	"nom": "name", "prenom": "first name", "secteur": "industry", "telephone": "phone", "courriel": "email", "produit": "product", "statut": "status",
	"etat": "status", "valeur": "value", "ville": "city", "pays": "country", "d": "", "de": "", "du": "", "des": "", "la": "", "le": "", "les": "", "del": "", "der": "",
	"el": "", "da": "", "do": "", "di": "", "importe": "amount", "monto": "amount", "etapa": "stage", "fase": "stage", "cliente": "customer",
	"empresa": "company", "propietario": "owner", "vendedor": "seller", "nombre": "name", "fecha": "date", "creacion": "create", "cierre": "close",
	"prevista": "expect", "previsto": "expect", "estimada": "expect", "probabilidad": "probability", "moneda": "currency", "oportunidad": "opportunity",
	"proyecto": "project", "estado": "status", "sector": "industry", "producto": "product", "correo": "email", "ciudad": "city", "pais": "country",
	"valor": "value", "responsavel": "owner", "nome": "name", "data": "date", "criacao": "create", "fechamento": "close", "moeda": "currency",
	"oportunidade": "opportunity", "importo": "amount", "proprietario": "owner", "azienda": "company", "chiusura": "close", "creazione": "create",
	"probabilita": "probability", "フェーズ": "stage", "ステージ": "stage", "ステータス": "status", "メール": "email", "プロジェクト": "project",
}

// overseas are words of headings as they are in Taiwan and Japan, in the characters of the mainland.
var overseas = map[string]string{
	"专案": "项目", "专案名称": "项目名称", "业务": "业务员", "业务姓名": "业务员", "商机阶段别": "商机阶段", "币别": "币种", "行动电话": "手机", "统一编号": "编号",
	"案件": "商机", "案件名": "商机名称", "案件番号": "商机编号", "顾客": "客户", "顾客名": "客户名称", "取引先": "客户", "取引先名": "客户名称", "会社名": "公司名称",
	"担当": "负责人", "担当者": "负责人", "担当者名": "负责人", "営业担当": "负责人", "营业担当": "负责人", "营业担当者": "负责人", "见积金额": "报价金额", "受注金额": "成交金额", "受注日": "成交日期",
	"受注予定日": "预计成交日期", "完了予定日": "预计成交日期", "作成日": "创建日期", "登录日": "创建日期", "确度": "赢率", "受注确度": "赢率", "失注理由": "丢单原因", "竞合": "竞争对手",
	"氏名": "姓名", "役职": "职务", "部署": "部门", "电话番号": "电话", "携带电话": "手机", "业种": "行业", "商品名": "产品名称", "单価": "单价", "通货": "币种", "得标金额": "成交金额",
	"建档日": "建档日期", "负责业务": "负责人", "预计结案日": "预计成交日期", "结案日": "关闭日期",
}

// translated is a word of a heading as our fields are called, in the singular.
func translated(word string) string {
	if word == "" {
		return ""
	}
	if to, ok := abroad[word]; ok {
		return to
	}
	if to, ok := abroad[bare(word)]; ok {
		return to
	}
	return singular(word)
}

// bare is a word without the marks above and below its letters: zuständig is zustandig.
func bare(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x300 && r < 0x370 {
			return -1
		}
		return r
	}, norm.NFD.String(word))
}
