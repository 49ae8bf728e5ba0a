"""What a mutant is: a header with one small mistake. Found in the text, with the help of how it is formatted."""
import bisect
import collections
import re

TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:\\\n|[^\n])*)
      |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      |(?P<number>\.?\d(?:[eEpP][+-]|['.\w])*)
      |(?P<word>[A-Za-z_]\w*)
      |(?P<sign><<=|>>=|->|\+\+|--|\.\.\.|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|::|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE)
Token = collections.namedtuple("Token", "kind text begin end")
# place: the piece of code around it that a running program can choose to do otherwise: begin, end, kind; or None
Mutant = collections.namedtuple("Mutant", "file begin end new place")

BINARY = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&",
          "&&": "||", "||": "&&", "<": "<= >", ">": ">= <", "<=": "< >", ">=": "> <", "==": "!=", "!=": "==",
          "+=": "-=", "-=": "+=", "*=": "/=", "|=": "&=", "&=": "|=", "^=": "&=", "<<=": ">>=", ">>=": "<<="}
WORDS = {"min": "max", "max": "min", "pmin": "pmax", "pmax": "pmin", "any_of": "all_of", "all_of": "any_of",
         "fma": "fnma", "fnma": "fma", "pand": "por", "padd": "psub", "psub": "padd", "true": "false", "false": "true"}
OPENING, CLOSING = {"(": ")", "[": "]", "{": "}"}, {")": "(", "]": "[", "}": "{"}
KEYWORDS = set("return throw else case goto new delete operator".split())


def tokens_of(source):
    """What is compiled, without static_assert and the parameters of templates."""
    all_tokens = [Token(m.lastgroup, m[0], m.start(), m.end()) for m in TOKEN.finditer(source)
                  if m.lastgroup != "skip"]
    kept, i = [], 0
    while i < len(all_tokens):
        token = all_tokens[i]
        opening = all_tokens[i + 1].text if i + 1 < len(all_tokens) else ""
        if (token.text, opening) in (("static_assert", "("), ("template", "<")):
            i = end_of(all_tokens, i + 1)
            continue
        kept.append(token)
        i += 1
    return kept


def end_of(tokens, i):
    """Behind the bracket that closes the one at i; comparisons in the parameters of templates are in parentheses."""
    angles, rounds = 0, 0
    while True:
        text = tokens[i].text
        rounds += {"(": 1, ")": -1}.get(text, 0)
        angles += {"<": 1, ">": -1, ">>": -2}.get(text, 0) if rounds == 0 else 0
        i += 1
        if angles <= 0 and rounds == 0:
            return i


def brackets(tokens):
    """The partner of each bracket."""
    partner, open_ones = {}, []
    for i, token in enumerate(tokens):
        if token.kind == "sign" and token.text in OPENING:
            open_ones.append(i)
        elif token.kind == "sign" and token.text in CLOSING:
            partner[i] = open_ones.pop()
            partner[partner[i]] = i
    return partner


def other_number(text):
    match = re.fullmatch(r"(0x[0-9a-fA-F]+|\d+)([uUlL]*)", text)
    if match:
        return f"{int(match[1], 0) ^ 1:#x}{match[2]}" if match[1][:2] == "0x" else f"{int(match[1]) + 1}{match[2]}"
    match = re.fullmatch(r"([\d.]+)((?:[eE][-+]?\d+)?[fFlL]?)", text)
    return f"{float(match[1]) * 1.5 or 1.0:g}{match[2]}" if match else None


def statement(tokens, partner, i):
    """The end of the expression statement that begins with token i, or None where there is none."""
    if tokens[i].text in ("using", "friend", "struct", "class", "namespace", "enum", "public", "private", "protected",
                          "return", "throw", "if", "for", "while", "do", "switch", "case", "default", "template",
                          "else", "try", "catch", "static", "const", "constexpr", "break"):
        return None
    j, assigned = i, False
    while tokens[j].text != ";":
        if j + 1 == len(tokens):
            return None
        token, following = tokens[j], tokens[j + 1]
        if token.text in CLOSING or (token.text == "{" and not assigned):
            return None
        assigned = assigned or token.text in BINARY and token.text.endswith("=") or token.text == "="
        if not assigned and token.kind == "word" and following.kind == "word" and token.text not in KEYWORDS:
            return None  # a declaration
        if not assigned and token.text in (">", ">>", "*", "&") and tokens[j - 1].end == token.begin < following.begin - 1 \
                and following.kind == "word":
            return None  # so is this
        if token.text == "=" and following.text in ("default", "delete", "0"):
            return None
        j = partner[j] + 1 if token.text in OPENING else j + 1
    return j if j > i and tokens[j - 1].text != "noexcept" else None


def is_block(tokens, partner, i):
    """Whether a brace opens statements and not a list of values."""
    before = tokens[i - 1].text
    return before in ("else", "try", "do", "const", "override", "noexcept", ";", "{", "}", ")", "mutable")


def place_of(source, tokens, partner, i):
    """The smallest condition, value or statement around token i that can be exchanged while a program runs."""
    j, begin = i, None
    while begin is None:  # outwards, bracket by bracket
        part = j  # where the present part of a list or a declaration begins
        while True:
            before = tokens[j - 1].text if j else ";"
            if before in (";", "}") or before in OPENING or before == "else":
                break
            if before == ")" and tokens[partner[j - 1] - 1].text in ("if", "for", "while", "constexpr"):
                break
            j = partner[j - 1] if before in CLOSING else j - 1
        opening = j - 1
        before = tokens[opening].text if j else ";"
        if before in ("(", "[") or before == "{" and not is_block(tokens, partner, opening):
            word = tokens[opening - 1].text
            if before == "(" and word in ("if", "while"):
                end = partner[opening]
                return (tokens[j].begin, tokens[end - 1].end, "condition") if end > j else None
            if before == "(" and word == "for":
                return None
            j = opening
            continue
        if before == ";" and opening_of(tokens, partner, opening) in ("for",):
            end = opening + 1
            while tokens[end].text not in (";", ")"):
                end = partner[end] + 1 if tokens[end].text in OPENING else end + 1
            kind = "condition" if tokens[end].text == ";" else "effect"
            return tokens[j].begin, tokens[end - 1].end, kind
        begin = j
    end = begin
    while tokens[end].text != ";":
        if tokens[end].text == "{" and tokens[end - 1].text == ")" and \
                tokens[partner[end - 1] - 1].text != "]" or tokens[end].text in CLOSING:
            return None
        end = partner[end] + 1 if tokens[end].text in OPENING else end + 1
        if end >= len(tokens):
            return None
    block, inside = begin, False  # is all this in a function that the compiler evaluates?
    while block > 0:
        block -= 1
        if tokens[block].text in CLOSING:
            block = partner[block]
        elif tokens[block].text == "{":
            head, texts = block, []
            while head > 0 and tokens[head - 1].text not in (";", "{", "}"):
                head = partner[head - 1] if tokens[head - 1].text in CLOSING else head - 1
                texts.append(tokens[head].text)
            outside = {"struct", "class", "namespace"} & set(texts)
            if "constexpr" in texts and "if" not in texts or outside and not inside:
                return None
            if outside:
                break
            inside = True
    if tokens[begin].text == "return":
        return tokens[begin].begin, tokens[end].end, "return"
    if statement(tokens, partner, begin) == end:
        return tokens[begin].begin, tokens[end].end, "statement"
    head, value = [], None
    j = begin
    while j < i:
        if tokens[j].text == "=" and value is None:
            value = j + 1
        elif tokens[j].text == ",":
            value = None
        elif value is None:
            head.append(tokens[j].text)
        j = partner[j] + 1 if tokens[j].text in OPENING and partner[j] < i else j + 1
    if value is None or value > i or tokens[value].text == "{" or {"constexpr", "static", "&", "using"} & set(head):
        return None
    stop = value
    while tokens[stop].text not in (";", ","):
        stop = partner[stop] + 1 if tokens[stop].text in OPENING else stop + 1
    return tokens[value].begin, tokens[stop - 1].end, "value"


def opening_of(tokens, partner, i):
    """The word before the parenthesis in which token i stands, or nothing."""
    while i > 0:
        i -= 1
        if tokens[i].text in CLOSING:
            i = partner[i]
        elif tokens[i].text in OPENING:
            return tokens[i - 1].text if tokens[i].text == "(" else ""
    return ""


def mutants_of(file, source):
    tokens = tokens_of(source)
    partner = brackets(tokens)
    starts = [token.begin for token in tokens]
    found, around = [], []  # around: the brackets that are open

    def add(begin, end, new):
        first = bisect.bisect_left(starts, begin)
        found.append(Mutant(file, begin, end, new, place_of(source, tokens, partner, first)))

    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else Token("", "", 0, 0)
        after = tokens[i + 1] if i + 1 < len(tokens) else before
        apart = before.end < token.begin and token.end < after.begin
        if token.kind == "sign":
            if token.text in BINARY and apart:
                for new in BINARY[token.text].split():
                    add(token.begin, token.end, new)
            elif token.text in "-!~" and token.end == after.begin and (
                    before.text in KEYWORDS - {"operator"} or before.kind == "sign" and before.text not in ")];{}"):
                add(token.begin, token.end, "")
            elif token.text in ("++", "--"):
                add(token.begin, token.end, {"++": "--", "--": "++"}[token.text])
            elif token.text == "?":  # a ? b : c
                begin = i
                while tokens[begin - 1].text not in ("=", "(", ",", "{", ";", "return", ":", "?", "["):
                    begin = partner[begin - 1] if tokens[begin - 1].text in CLOSING else begin - 1
                for new in ("true", "false"):
                    add(tokens[begin].begin, before.end, new)
        elif token.kind == "number":
            new = other_number(token.text)
            longer = before.text == "[" and tokens[i - 3].kind == "word" and tokens[i - 3].text not in KEYWORDS
            if new and not longer and before.text not in ("<", "operator"):  # a longer array is no mistake
                add(token.begin, token.end, new)
        elif token.kind == "word":
            called = after.text in ("(", "<") and before.kind != "word" and before.text not in ("&", "*", ">")
            if token.text in ("true", "false") or (token.text in WORDS and (called or before.text == "return")):
                add(token.begin, token.end, WORDS[token.text])
            elif token.text in ("if", "while") and after.text == "(":
                begin, end = after.end, tokens[partner[i + 1]].begin
                condition = source[begin:end]
                if ";" not in condition and " = " not in condition:
                    for new in ("true", "false") if token.text == "if" else ("false",):
                        add(begin, end, new)
            elif token.text == "return" and after.text not in (";", "{", "*", "true", "false"):
                end = i + 1
                while tokens[end].text != ";":
                    end = partner[end] if tokens[end].text in OPENING else end + 1
                value = source[after.begin:tokens[end].begin]
                add(after.begin, tokens[end].begin, f"std::decay_t<decltype({value})>{{}}")
        while around and partner[around[-1]] < i:
            around.pop()
        if before.text in OPENING:
            around.append(i - 1)
        begins = token.kind == "word" or token.text in ("++", "--", "(", "*")
        if begins and before.text in (";", "{", "}", ")", "else"):
            if around and tokens[around[-1]].text != "{":
                continue
            if before.text == ")" and tokens[partner[i - 1] - 1].text not in ("if", "for", "while"):
                continue
            end = statement(tokens, partner, i)
            if end:
                add(token.begin, tokens[end].end, ";" if before.text in (")", "else") else "")
    return found


class Source:
    """A header and what its mutants look like."""

    def __init__(self, text):
        self.text = text

    def line(self, mutant):
        return self.text.count("\n", 0, mutant.begin) + 1

    def lines_of(self, place):
        return range(self.text.count("\n", 0, place[0]) + 1, self.text.count("\n", 0, place[1]) + 2)

    def mutated(self, mutant):
        return self.text[:mutant.begin] + mutant.new + self.text[mutant.end:]

    def diff(self, mutant):
        """The lines that change, as they are and as they become."""
        begin = self.text.rfind("\n", 0, mutant.begin) + 1
        end = self.text.find("\n", mutant.end)
        old = self.text[begin:end]
        new = self.text[begin:mutant.begin] + mutant.new + self.text[mutant.end:end]
        return tuple(sign + line.strip() for sign, text in (("-", old), ("+", new)) for line in text.split("\n"))

    def switched(self, mutants):
        """The header with all these mutants, by number, of which `mutant_now` chooses; lines stay where they are."""
        text, end = "", 0
        places = collections.defaultdict(list)
        for number, mutant in mutants:
            places[mutant.place].append((number, mutant))
        for (begin, stop, kind), here in sorted(places.items()):
            old = self.text[begin:stop]
            text += self.text[end:begin]
            for number, mutant in here:
                new = self.text[begin:mutant.begin] + mutant.new + self.text[mutant.end:stop]
                new = new.replace("\n", " ")
                text += {"condition": f"::mutant_now == {number} ? bool({new}) : ",
                         "effect": f"::mutant_now == {number} ? void({new}) : ",
                         "value": f"::mutant_now == {number} ? ({new}) : ",
                         "return": f"if (::mutant_now == {number}) {{ {new} }} else ",
                         "statement": f"if (::mutant_now == {number}) {{ {new} }} else "}[kind]
            text += {"condition": f"bool({old})", "effect": f"void({old})", "value": f"({old})",
                     "return": f"{{ {old} }}", "statement": f"{{ {old} }}"}[kind]
            end = stop
        return text + self.text[end:]


def apart(mutants):
    """Those numbered mutants of a header whose places do not overlap."""
    chosen, end = [], {}
    for number, mutant in sorted(mutants, key=lambda entry: (entry[1].place[0], -entry[1].place[1])):
        begin, stop, _ = mutant.place
        if begin >= end.get("stop", 0) or (begin, stop) == end.get("place"):
            chosen.append((number, mutant))
            end = {"stop": stop, "place": (begin, stop)}
    return chosen
