"""Whether the order of two statements may matter: a guess, which spares most mutants that swap what is independent."""

from clang.cindex import CursorKind

OWN = "this"
ASSIGNMENTS = (CursorKind.BINARY_OPERATOR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR, CursorKind.UNARY_OPERATOR)
METHODS = (CursorKind.CXX_METHOD, CursorKind.CONVERSION_FUNCTION)


def depend(one, other):
    """One writes what the other names."""
    named_by_one, written_by_one = _effects(one)
    named_by_other, written_by_other = _effects(other)
    return bool(written_by_one & named_by_other or written_by_other & named_by_one)


def _identity(reference):
    declared = reference.referenced
    return (declared.get_usr() if declared is not None else "") or reference.spelling


def _names(cursor):
    """The variables and fields that an expression names; `this` if one of them is of the object itself."""
    out = set()
    for x in cursor.walk_preorder():
        if x.kind == CursorKind.DECL_REF_EXPR and x.referenced is not None:
            if x.referenced.kind in (CursorKind.VAR_DECL, CursorKind.PARM_DECL):
                out.add(_identity(x))
        elif x.kind == CursorKind.MEMBER_REF_EXPR:
            out.add(_identity(x))
            if _is_own(x):
                out.add(OWN)
    return out


def _is_own(member):
    base = next(member.get_children(), None)
    return base is None or base.kind == CursorKind.CXX_THIS_EXPR


def _outermost(target):
    """What an assignment to `a.b.c` writes: c."""
    for x in target.walk_preorder():
        if x.kind in (CursorKind.MEMBER_REF_EXPR, CursorKind.DECL_REF_EXPR):
            return {_identity(x)}
    return set()


def _effects(statement):
    written = set()
    for x in statement.walk_preorder():
        children = list(x.get_children())
        if x.kind in ASSIGNMENTS and children:
            written |= _outermost(children[0])
        elif x.kind == CursorKind.CALL_EXPR and children:
            callee = children[0]
            if callee.kind != CursorKind.MEMBER_REF_EXPR:
                written |= set().union(*map(_names, children)) - {OWN}
                continue
            method = callee.referenced
            if method is None or method.kind not in METHODS or not method.is_const_method():
                written |= {OWN} if _is_own(callee) else _names(next(callee.get_children())) - {OWN}
            written |= set().union(*map(_names, children[1:])) - {OWN} if len(children) > 1 else set()
    return _names(statement), written
