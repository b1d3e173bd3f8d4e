package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// A part of a cell's code is one declaration or one statement.
type part struct {
	kind partKind
	code string // with the comments before it
	line int    // of code's first character, counted from 1 in the cell
	col  int
	name string // of a function declared
}

type partKind int

const (
	statementPart partKind = iota
	packagePart
	importPart
	declPart
)

// split cuts a cell's code into its parts. Whatever does not scan ends up in some part, where the
// compiler will say what is wrong with it. A var, const or type before the first statement belongs
// to the package, one after it to main.
func split(code string) []part {
	var parts []part
	statements := false
	for _, toks := range cut(code) {
		p := toks.part(code)
		p.kind, p.name = toks.classify(statements)
		statements = statements || p.kind == statementPart
		parts = append(parts, p)
	}
	return parts
}

type lexeme struct {
	tok    token.Token
	lit    string
	offset int
}

// A run of tokens up to a semicolon outside of brackets.
type tokens struct {
	list       []lexeme
	start, end int // in the code
}

func cut(code string) []tokens {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, scanner.ScanComments)
	var all []tokens
	var cur tokens
	depth, comment := 0, 0
	flush := func(end int) {
		if cur.end = end; len(cur.list) > 0 {
			all = append(all, cur)
		} else if len(all) > 0 {
			all[len(all)-1].end = end // a comment behind the last part
		}
		cur = tokens{start: end}
	}
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		offset := file.Offset(pos)
		switch tok {
		case token.COMMENT:
			comment = offset + len(lit)
			continue
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		case token.SEMICOLON:
			if depth <= 0 {
				depth = 0
				flush(max(comment, endOfLine(code, offset, lit)))
				continue
			}
		}
		cur.list = append(cur.list, lexeme{tok, lit, offset})
	}
	flush(len(code))
	return all
}

// endOfLine returns where the part that a semicolon ends is over.
func endOfLine(code string, offset int, lit string) int {
	if lit == ";" {
		return offset + 1
	}
	if i := strings.IndexByte(code[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(code)
}

func (t tokens) part(code string) part {
	text := code[t.start:t.end]
	lead := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	start := t.start + lead
	before := code[:start]
	line := 1 + strings.Count(before, "\n")
	col := start - (strings.LastIndexByte(before, '\n') + 1) + 1
	return part{code: strings.TrimRight(code[start:t.end], " \t\r\n"), line: line, col: col}
}

func (t tokens) classify(statements bool) (partKind, string) {
	first := t.list[0].tok
	switch first {
	case token.PACKAGE:
		return packagePart, ""
	case token.IMPORT:
		return importPart, ""
	case token.FUNC:
		return t.classifyFunc()
	case token.VAR, token.CONST, token.TYPE:
		if !statements {
			return declPart, ""
		}
	}
	return statementPart, ""
}

// classifyFunc tells a function or method from a literal that is called.
func (t tokens) classifyFunc() (partKind, string) {
	rest := t.list[1:]
	if len(rest) > 0 && rest[0].tok == token.IDENT {
		return declPart, rest[0].lit
	}
	depth := 0
	for i, l := range rest {
		switch l.tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		}
		if depth == 0 {
			if i+1 < len(rest) && rest[i+1].tok == token.IDENT && i+2 < len(rest) && rest[i+2].tok == token.LPAREN {
				return declPart, ""
			}
			break
		}
	}
	return statementPart, ""
}
