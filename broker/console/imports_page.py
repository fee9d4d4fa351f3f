"""The manager's page of imports: a table of customers is tried, entered, and taken back."""

from pathlib import Path

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.console.guard import me
from broker.console.parts import parts
from broker.console.settings_form import own_form
from broker.console.words import language, say
from shared.errors import OperatorError

imports_pages = Blueprint("imports", __name__, url_prefix="/settings/customers")

LONGEST_NAME = 120
KINDS = (".csv", ".xlsx", ".xls", ".ods", ".txt")


@imports_pages.get("")
def tables() -> str:
    """The form for a table, and those that were entered."""
    return render_template("imports.html", entered=parts().site.imports.entered(), kinds=KINDS)


@imports_pages.get("/template.csv")
def empty_form() -> Response:
    """The empty form."""
    answer = Response(parts().site.imports.template(language()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return answer


@imports_pages.post("")
def upload() -> AnyResponse:
    """Try the table that comes with the form."""
    file = request.files.get("table")
    name = Path((file.filename if file else None) or "").name[-LONGEST_NAME:]
    if file is None or Path(name).suffix.lower() not in KINDS:
        words = {"message": say("imports.which_file"), "label": say("settings.back")}
        page = render_template("problem.html", to=url_for("imports.tables"), **words)
        return Response(page, 422)
    token = parts().site.imports.bring(name, file.read(), language())
    return redirect(url_for("imports.one", token=token), 303)


@imports_pages.get("/<token>")
def one(token: str) -> str:
    """How far a table is; what would happen; the button that enters it."""
    job = parts().site.imports.job(token) or abort(404)
    return render_template("import.html", job=job, token=token)


@imports_pages.post("/<token>")
def enter(token: str) -> AnyResponse:
    """Enter the table that was tried."""
    imports = parts().site.imports
    if imports.job(token) is None:
        abort(404)
    is_partly = "without_conflicts" in request.form
    imports.enter(token, me().staff_id, language(), without_conflicts=is_partly)
    return redirect(url_for("imports.one", token=token), 303)


@imports_pages.post("/take-back/<import_id>")
def take_back(import_id: str) -> AnyResponse:
    """Take a table's customers out again."""
    imports, form = parts().site.imports, own_form()
    if not any(line.import_id == import_id for line in imports.entered()):
        abort(404)
    try:
        imports.take_back(import_id, me().staff_id)
    except OperatorError as error:
        form.refuse(error)
    except TimeoutError:
        form.problems[""] = say("settings.busy")
    if not form.problems:
        return redirect(url_for("imports.tables", saved=1), 303)
    words = {"message": " ".join(form.problems.values()), "label": say("settings.back")}
    page = render_template("problem.html", to=url_for("imports.tables"), **words)
    return Response(page, 409)
