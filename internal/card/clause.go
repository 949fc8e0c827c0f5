package card

import "strings"

// clause reads what stands between two commas.
func (r *reading) clause(said string) {
	if said == "" {
		return
	}
	if !hasHan(said) {
		r.english(said)
		return
	}
	said = selfAhead.ReplaceAllString(said, "")
	if left, ok := strings.CutPrefix(said, ","); ok {
		said = left
	}
	if isName(said) {
		r.name(said)
		return
	}
	if name, behind := toldOf(said); name != "" {
		r.name(name)
		said = behind
	}
	if rest := formerAhead.ReplaceAllString(said, ""); rest != said {
		p, left := post(rest)
		if p.Company == "" { // 前台, 原料: no former post
			r.now(said)
			return
		}
		r.c.Former = append(r.c.Former, p)
		r.leftOver(left)
		return
	}
	if rest := nowAhead.ReplaceAllString(said, ""); rest != said {
		r.now(rest)
		return
	}
	r.now(said)
}

func (r *reading) name(said string) {
	for _, known := range r.names {
		if known == said {
			return
		}
	}
	r.names = append(r.names, said)
}

// now takes over what is told of the present post.
func (r *reading) now(said string) {
	if shown := honorific.ReplaceAllString(said, ""); shown != said && isName(strings.TrimSpace(shown)) {
		r.name(strings.TrimSpace(shown))
		return
	}
	words := strings.Fields(said)
	if len(words) > 1 { // 赵兵 采购经理: each by itself, unless it is all latin
		for i, w := range words {
			w = selfAhead.ReplaceAllString(w, "")
			if words[i] = w; isName(w) {
				r.name(w)
				words[i] = ""
			}
		}
		left := strings.Fields(strings.Join(words, " "))
		for _, w := range left {
			if hasHan(w) {
				r.one(w)
			} else {
				r.english(w)
			}
		}
		return
	}
	r.one(said)
}

// one reads a word of Chinese: a post, with a name before or behind it or without.
func (r *reading) one(said string) {
	p, left := post(said)
	if p == (Post{}) {
		r.leftOver(said)
		return
	}
	r.set(&r.c.Company, p.Company)
	r.set(&r.c.Department, p.Department)
	r.set(&r.c.Title, p.Title)
	r.leftOver(left)
}

func (r *reading) leftOver(left string) {
	left = strings.Trim(left, " 的是任担任做,")
	left = honorific.ReplaceAllString(left, "")
	if isName(left) {
		r.name(left)
		return
	}
	r.rest(left)
}

// post takes a text apart into company, department and title. A company without a word that says so is one only
// before a department. What is in none of them is left.
func post(said string) (p Post, left string) {
	said = strings.TrimSpace(said)
	if m := company.FindStringSubmatch(said); m != nil && len([]rune(m[1])) > 2 {
		p.Company, said = strings.Trim(m[1], " 的"), m[2]
	}
	said = strings.TrimLeft(said, " 的")
	if m := department.FindStringSubmatch(said); m != nil && !(m[2] == "办公室" && m[1] == "") {
		before := strings.Trim(m[1], " 的")
		switch {
		case before == "" || p.Company != "" && before == "":
			p.Department, said = m[2], m[3]
		case p.Company == "" && len([]rune(before)) >= 2 && !isName(before):
			p.Company, p.Department, said = before, m[2], m[3]
		case isName(before):
			p.Department, said, left = m[2], m[3], before
		default:
			p.Department, said = before+m[2], m[3]
		}
	}
	said = strings.TrimLeft(said, " 的")
	m := title.FindStringSubmatch(said)
	if m == nil {
		return p, left + said
	}
	before := strings.Trim(m[1], " 的任做是")
	switch {
	case before == "":
		p.Title, said = m[2], m[3]
	case isName(before):
		p.Title, said, left = m[2], m[3], left+before
	case p.Company == "" && p.Department == "" && len([]rune(before)) >= 4 && isName(m[3]):
		// 方舟电子采购经理赵兵: before the title of somebody named is where he works
		p.Company, p.Title, said = before, m[2], m[3]
	case p.Company != "" || p.Department != "":
		p.Title, said = before+m[2], m[3]
	case m[3] == "" && qualifies(before):
		p.Title, said = said, ""
	default:
		return p, left + said // 李总经理: too little to tell
	}
	return p, left + strings.TrimSpace(said)
}

// qualifies tells whether what stands before a title belongs to it: 大客户经理, and neither 王经理 nor 找到了经理.
func qualifies(before string) bool {
	runes := []rune(before)
	return len(runes) >= 2 && len(runes) <= 5 && han(before) && !strings.ContainsAny(before, "的了说是来新他她我你找问给跟和有") && !isName(string(runes[len(runes)-1])+"文")
}

// english reads a clause in Latin letters.
func (r *reading) english(said string) {
	said = strings.TrimSpace(said)
	if m := enFormer.FindStringSubmatch(said); m != nil {
		p := Post{Company: m[1]}
		if at := enAt.FindStringSubmatch(m[1]); at != nil && enTitle.MatchString(at[1]) {
			p = Post{Company: at[2], Title: at[1]}
		}
		r.c.Former = append(r.c.Former, p)
		return
	}
	if m := enNow.FindStringSubmatch(said); m != nil {
		said = m[1]
		if !enTitle.MatchString(said) {
			r.set(&r.c.Company, said)
			return
		}
	}
	if at := enAt.FindStringSubmatch(said); at != nil && enTitle.MatchString(at[1]) && enCompany.MatchString(at[2]) {
		r.set(&r.c.Title, at[1])
		r.set(&r.c.Company, at[2])
		return
	}
	switch {
	case enDepart.MatchString(said):
		r.set(&r.c.Department, said)
	case enTitle.MatchString(said) && !enCompany.MatchString(said):
		r.set(&r.c.Title, said)
	case legalForm(said): // the comma before Ltd.
		r.form(said)
	case enCompany.MatchString(said):
		r.set(&r.c.Company, said)
	case enName.MatchString(enHonor.ReplaceAllString(said, "")) && r.odd == 0 && len(r.names) == 0:
		r.name(enHonor.ReplaceAllString(said, ""))
	case greeting.MatchString(said):
		r.rest(said)
	default:
		r.odd++
		r.rest(said)
	}
}

func legalForm(said string) bool {
	switch strings.ToLower(strings.Trim(said, ".")) {
	case "ltd", "inc", "llc", "gmbh", "corp", "co", "ag", "plc", "limited":
		return true
	}
	return false
}

// form puts a company's legal form to what stands before the comma.
func (r *reading) form(said string) {
	last := len(r.c.Rest) - 1
	switch {
	case last >= 0 && (r.c.Company == "" || hasHan(r.c.Company)) && !hasHan(r.c.Rest[last]):
		whole := r.c.Rest[last] + ", " + said
		r.c.Rest = r.c.Rest[:last]
		r.set(&r.c.Company, whole)
	case r.c.Company != "" && !hasHan(r.c.Company):
		r.c.Company += ", " + said
	default:
		r.rest(said)
	}
}

// toldOf takes the name off a clause that goes on with where he is or was: 罗杰曾任….
func toldOf(said string) (name, behind string) {
	runes := []rune(said)
	for n := 4; n >= 2; n-- {
		if len(runes) > n && isName(string(runes[:n])) && told.MatchString(string(runes[n:])) {
			return string(runes[:n]), string(runes[n:])
		}
	}
	return "", said
}
