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

# A text from begin to end that becomes another. place: the code around it that a running program can do otherwise,
# from where to where and of which kind; or None.
Mutant = collections.namedtuple("Mutant", "file begin end new place")

BINARY = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&",
          "&&": "||", "||": "&&", "<": "<= >", ">": ">= <", "<=": "< >", ">=": "> <", "==": "!=", "!=": "==",
          "+=": "-=", "-=": "+=", "*=": "/=", "|=": "&=", "&=": "|=", "^=": "&=", "<<=": ">>=", ">>=": "<<="}
WORDS = {"min": "max", "max": "min", "pmin": "pmax", "pmax": "pmin", "any_of": "all_of", "all_of": "any_of",
         "fma": "fnma", "fnma": "fma", "pand": "por", "padd": "psub", "psub": "padd",
         "true": "false", "false": "true"}
OPENING, CLOSING = ("(", "[", "{"), (")", "]", "}")
# Words that begin a statement which is more than an expression, and words after which a minus sign has one operand.
NO_EXPRESSION = set("using friend struct class namespace enum public private protected return throw if for while do "
                    "switch case default template else try catch static const constexpr break".split())
KEYWORDS = set("return throw else case goto new delete operator".split())


def tokens_of(source):
    """What is compiled, without static_assert and the parameters of templates."""
    found = [Token(m.lastgroup, m[0], m.start(), m.end()) for m in TOKEN.finditer(source) if m.lastgroup != "skip"]
    kept, i = [], 0
    while i < len(found):
        following = found[i + 1].text if i + 1 < len(found) else ""
        if (found[i].text, following) in (("static_assert", "("), ("template", "<")):
            angles, rounds, i = 0, 0, i + 1
            while True:  # comparisons in the parameters of templates are in parentheses
                rounds += {"(": 1, ")": -1}.get(found[i].text, 0)
                angles += {"<": 1, ">": -1, ">>": -2}.get(found[i].text, 0) if rounds == 0 else 0
                i += 1
                if angles <= 0 and rounds == 0:
                    break
        else:
            kept.append(found[i])
            i += 1
    return kept


class Code:
    """A header as tokens, which are known by their number."""

    def __init__(self, source):
        self.source = source
        self.tokens = tokens_of(source)
        self.texts = [token.text for token in self.tokens]
        self.begins = [token.begin for token in self.tokens]
        self.partner = {}  # of each bracket
        self.around = []  # the bracket around each token, or -1
        inside = [-1]
        for i, token in enumerate(self.tokens):
            if token.kind == "sign" and token.text in CLOSING:
                self.partner[i] = inside.pop()
                self.partner[self.partner[i]] = i
            self.around.append(inside[-1])
            if token.kind == "sign" and token.text in OPENING:
                inside.append(i)

    def back(self, i, stops):
        """Where the piece of code begins that leads to token i; `stops(j)` tells whether token j is before it."""
        while i > 0 and self.texts[i - 1] not in OPENING and not stops(i - 1):
            i = self.partner[i - 1] if self.texts[i - 1] in CLOSING else i - 1
        return i

    def forward(self, i, *stops):
        """The first such token from i on that is in no bracket."""
        while self.texts[i] not in stops:
            i = self.partner[i] + 1 if self.texts[i] in OPENING else i + 1
        return i

    def text(self, begin, end):
        """Of the tokens from begin to before end."""
        return self.source[self.tokens[begin].begin:self.tokens[end - 1].end]

    def heads(self, i):
        """Whether the parenthesis that ends at i belongs to a statement which goes on."""
        return self.texts[i] == ")" and self.texts[self.partner[i] - 1] in ("if", "for", "while", "constexpr")

    def is_block(self, i):
        """Whether the bracket at i holds statements and not values."""
        return self.texts[i] == "{" and self.texts[i - 1] in (
            "else", "try", "do", "const", "override", "noexcept", "mutable", ";", "{", "}", ")")

    def statement(self, i):
        """The end of the expression statement that begins with token i, or None where there is none."""
        if self.texts[i] in NO_EXPRESSION:
            return None
        j, assigned = i, False
        while self.texts[j] != ";":
            if j + 1 == len(self.tokens) or self.texts[j] in CLOSING or self.texts[j] == "{" and not assigned:
                return None
            token, following = self.tokens[j], self.tokens[j + 1]
            assigned = assigned or token.text == "=" or token.text in BINARY and token.text.endswith("=")
            attached = token.text in (">", ">>", "*", "&") and self.tokens[j - 1].end == token.begin
            if not assigned and following.kind == "word" and (
                    token.kind == "word" and token.text not in KEYWORDS or attached and token.end < following.begin):
                return None  # a declaration
            if token.text == "=" and following.text in ("default", "delete", "0"):
                return None
            j = self.partner[j] + 1 if token.text in OPENING else j + 1
        return j if j > i and self.texts[j - 1] != "noexcept" else None

    def runs(self, i):
        """Whether token i is in a function, and in one that the compiler does not evaluate."""
        block, inside = self.around[i], False
        while block >= 0:
            if self.texts[block] == "{":
                begin = self.back(block, lambda j: self.texts[j] in (";", "}"))
                head = set(self.texts[begin:block])
                if head & {"struct", "class", "namespace"}:
                    return inside
                if "constexpr" in head and "if" not in head:
                    return False
                inside = True
            block = self.around[block]
        return inside

    def place(self, i):
        """The smallest condition, value or statement around token i that a running program can do otherwise."""
        def ends_statement(j):
            return self.texts[j] in (";", "}", "else") or self.heads(j)

        def span(begin, end, kind):
            return (self.tokens[begin].begin, self.tokens[end - 1].end, kind) if begin < end else None

        if not self.runs(i):
            return None
        begin = self.back(i, ends_statement)
        while begin > 0 and self.texts[begin - 1] in OPENING and not self.is_block(begin - 1):
            bracket = begin - 1
            if self.texts[bracket] == "(" and self.texts[bracket - 1] in ("if", "while"):
                return span(begin, self.partner[bracket], "condition")
            if self.texts[bracket] == "(" and self.texts[bracket - 1] == "for":
                return None
            begin = self.back(bracket, ends_statement)
        if self.texts[begin - 1] == ";" and self.texts[self.around[begin]] == "(":  # in the head of a for
            end = self.forward(begin, ";", ")")
            return span(begin, end, "condition" if self.texts[end] == ";" else "effect")

        end = begin
        while self.texts[end] != ";":
            lambda_or_value = self.texts[end - 1] != ")" or self.texts[self.partner[end - 1] - 1] == "]"
            if self.texts[end] in CLOSING or self.texts[end] == "{" and not lambda_or_value:
                return None
            end = self.partner[end] + 1 if self.texts[end] in OPENING else end + 1
        if self.texts[begin] == "return":
            return span(begin, end + 1, "return")
        if self.statement(begin) == end:
            return span(begin, end + 1, "statement")

        first = self.back(i, lambda j: self.texts[j] in (",", ";", "}", "=") and self.around[j] == self.around[begin])
        while self.around[first] != self.around[begin]:
            first = self.back(self.around[first], lambda j: self.texts[j] in (",", ";", "}", "="))
        equals = first - 1
        known = {"constexpr", "static", "&", "using", "return"} & set(self.texts[begin:equals])
        if self.texts[equals] != "=" or self.texts[first] == "{" or known:
            return None
        return span(first, self.forward(first, ",", ";"), "value")


def other_number(text):
    match = re.fullmatch(r"(0x[0-9a-fA-F]+|\d+)([uUlL]*)", text)
    if match:
        return f"{int(match[1], 0) ^ 1:#x}{match[2]}" if match[1][:2] == "0x" else f"{int(match[1]) + 1}{match[2]}"
    match = re.fullmatch(r"([\d.]+)((?:[eE][-+]?\d+)?[fFlL]?)", text)
    return f"{float(match[1]) * 1.5 or 1.0:g}{match[2]}" if match else None


def mutants_of(file, source):
    code = Code(source)
    tokens, texts, partner = code.tokens, code.texts, code.partner
    found = []

    def add(begin, end, new):
        place = code.place(bisect.bisect_left(code.begins, begin))
        found.append(Mutant(file, begin, end, new, place))

    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else Token("", "", 0, 0)
        after = tokens[i + 1] if i + 1 < len(tokens) else before
        if token.kind == "sign":
            if token.text in BINARY and before.end < token.begin and token.end < after.begin:
                for new in BINARY[token.text].split():
                    add(token.begin, token.end, new)
            elif token.text in "-!~" and token.end == after.begin and (
                    before.text in KEYWORDS - {"operator"} or before.kind == "sign" and before.text not in ")];{}"):
                add(token.begin, token.end, "")
            elif token.text in ("++", "--"):
                add(token.begin, token.end, {"++": "--", "--": "++"}[token.text])
            elif token.text == "?":  # a ? b : c
                begin = code.back(i, lambda j: texts[j] in ("=", ",", ";", "return", ":", "?"))
                for new in ("true", "false"):
                    add(tokens[begin].begin, before.end, new)
        elif token.kind == "number":
            new = other_number(token.text)
            longer = before.text == "[" and tokens[i - 3].kind == "word" and texts[i - 3] not in KEYWORDS
            if new and not longer and before.text not in ("<", "operator"):  # a longer array is no mistake
                add(token.begin, token.end, new)
        elif token.text in WORDS:
            called = after.text in ("(", "<") and before.kind != "word" and before.text not in ("&", "*", ">")
            if token.text in ("true", "false") or called or before.text == "return":
                add(token.begin, token.end, WORDS[token.text])
        elif token.text in ("if", "while") and after.text == "(":
            condition = code.text(i + 2, partner[i + 1])
            if ";" not in condition and " = " not in condition:
                for new in ("true", "false") if token.text == "if" else ("false",):
                    add(tokens[i + 2].begin, tokens[partner[i + 1]].begin, new)
        elif token.text == "return" and after.text not in (";", "{", "*", "true", "false"):
            end = i + 1
            while texts[end] != ";":
                end = partner[end] if texts[end] in OPENING else end + 1
            value = source[after.begin:tokens[end].begin]
            add(after.begin, tokens[end].begin, f"std::decay_t<decltype({value})>{{}}")

        goes_on = before.text == "else" or i > 0 and code.heads(i - 1)
        begins = token.kind == "word" or token.text in ("++", "--", "(", "*")
        in_block = code.around[i] < 0 or texts[code.around[i]] == "{"
        if begins and in_block and (goes_on or before.text in (";", "{", "}")):
            end = code.statement(i)
            if end:
                add(token.begin, tokens[end].end, ";" if goes_on else "")
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
