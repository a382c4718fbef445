"""The Python loop of EdgeProxy: asks the Runtime API for events and has a function's handler answer them.

    python3 -u loop.py HANDLER

It speaks HTTP/1.1 over one socket by itself. A result and the request for the next event leave in one write, and the answer
to the former comes with the next event, so that an invocation costs one read and one write.
"""

import decimal
import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback

ROOT = "/2018-06-01/runtime/"
API = os.environ["AWS_LAMBDA_RUNTIME_API"]
TASK_ROOT = os.environ.get("LAMBDA_TASK_ROOT", os.getcwd())
FUNCTION_NAME = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
FUNCTION_VERSION = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
MEMORY_LIMIT = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
LOG_GROUP = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
LOG_STREAM = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
NEXT = f"GET {ROOT}invocation/next HTTP/1.1\r\nHost: {API}\r\n\r\n".encode("ascii")
RESULT_FIELDS = f"/response HTTP/1.1\r\nHost: {API}\r\nContent-Type: ".encode("ascii")
ESCAPES = sys.version_info < (3, 12)

request_id = ""


class RuntimeFault(Exception):
    """A failure that has a name of its own."""

    def __init__(self, error_type, message, frames=()):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.frames = list(frames)


class Connection:
    """The one connection to the Runtime API."""

    def __init__(self):
        host, port = API.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def send(self, data):
        self.socket.sendall(data)

    def answer(self):
        """The next answer: status, fields by lower-case name, body."""
        while True:
            end = self.received.find(b"\r\n\r\n")
            if end >= 0:
                break
            self._receive(65536)
        lines = self.received[:end].decode("latin-1").split("\r\n")
        fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        start = end + 4
        length = int(fields.get("content-length", "0"))
        if len(self.received) < start + length:
            parts = [self.received]
            missing = start + length - len(self.received)
            while missing > 0:
                part = self.socket.recv(min(missing, 1 << 20))
                if not part:
                    os._exit(1)
                parts.append(part)
                missing -= len(part)
            self.received = b"".join(parts)
        body = self.received[start : start + length]
        self.received = self.received[start + length :]
        return int(lines[0][9:12]), fields, body

    def _receive(self, size):
        part = self.socket.recv(size)
        if not part:
            os._exit(1)  # without its host there is nothing left to do
        self.received += part


class CognitoIdentity:
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]

    def __init__(self, values):
        values = values or {}
        self.cognito_identity_id = values.get("cognitoIdentityId")
        self.cognito_identity_pool_id = values.get("cognitoIdentityPoolId")


class Client:
    __slots__ = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]

    def __init__(self, values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))


class ClientContext:
    __slots__ = ["custom", "env", "client"]

    def __init__(self, values):
        self.custom = values.get("custom")
        self.env = values.get("env")
        self.client = Client(values["client"]) if values.get("client") else None


class LambdaContext:
    def __init__(self, fields):
        try:
            context = fields.get("lambda-runtime-client-context")
            identity = fields.get("lambda-runtime-cognito-identity")
            self.client_context = ClientContext(json.loads(context)) if context else None
            self.identity = CognitoIdentity(json.loads(identity) if identity else None)
            self._deadline = int(fields["lambda-runtime-deadline-ms"])
        except Exception as error:
            raise RuntimeFault("Runtime.LambdaContextUnmarshalError", f"Unable to parse the context of the invocation: {error}") from None
        self.aws_request_id = fields["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = fields.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = fields.get("lambda-runtime-aws-tenant-id")
        self.function_name = FUNCTION_NAME
        self.function_version = FUNCTION_VERSION
        self.memory_limit_in_mb = MEMORY_LIMIT
        self.log_group_name = LOG_GROUP
        self.log_stream_name = LOG_STREAM

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, text):
        sys.stdout.write(str(text))

    def __repr__(self):
        return f"LambdaContext([aws_request_id={self.aws_request_id},function_name={self.function_name},function_version={self.function_version}])"


class LogHandler(logging.Handler):
    """The root logger's lines."""

    def emit(self, record):
        sys.stdout.write(self.format(record) + "\n")


class RequestFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = request_id
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": record.aws_request_id,
        }
        if record.exc_info:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def start_logging():
    formatter = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = LogHandler()
    is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
    handler.setFormatter(JsonFormatter() if is_json else formatter)
    handler.addFilter(RequestFilter())
    logger = logging.getLogger()
    logger.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    levels = {"TRACE": logging.DEBUG, "DEBUG": logging.DEBUG, "INFO": logging.INFO, "WARN": logging.WARNING, "ERROR": logging.ERROR, "FATAL": logging.CRITICAL}
    if level in levels:
        logger.setLevel(levels[level])


def load(name):
    """The handler that the string names."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise RuntimeFault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    first = module_name.split("/")[0].split(".")[0]
    if first in sys.builtin_module_names:
        raise RuntimeFault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from None
    except SyntaxError as error:
        frames = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise RuntimeFault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", frames) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise RuntimeFault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'") from None


def document_of(error):
    if isinstance(error, RuntimeFault):
        error_type, message, frames = error.error_type, error.message, error.frames
    else:
        error_type, message = type(error).__name__, str(error)
        stack = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__ and "importlib" not in frame.filename]
        frames = traceback.format_list(stack)
    return {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": frames}


def write_error(document):
    lines = [f"[ERROR] {document['errorType']}: {document['errorMessage']}"]
    if document["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines.extend(document["stackTrace"])
    sys.stdout.write("\r".join(line.rstrip("\n").replace("\n", "\r") for line in lines) + "\n")


def error_request(target, document, invocation=""):
    body = json.dumps(document, ensure_ascii=ESCAPES).encode("utf-8", "surrogatepass")
    error_type = "".join(c for c in document["errorType"] if "!" <= c <= "~")
    echo = f"Lambda-Runtime-Invocation-Id: {invocation}\r\n" if invocation else ""
    head = (
        f"POST {ROOT}{target} HTTP/1.1\r\nHost: {API}\r\nContent-Type: application/json\r\n{echo}"
        f"Lambda-Runtime-Function-Error-Type: {error_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def encode_other(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent >= 0 else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


encode = json.JSONEncoder(ensure_ascii=ESCAPES, default=encode_other).encode


def invoke(handler, fields, body):
    """The result's content type and bytes."""
    context = LambdaContext(fields)
    if fields.get("content-type") == "application/json":
        try:
            event = json.loads(body)
        except Exception as error:
            raise RuntimeFault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None
    else:
        event = body
    result = handler(event, context)
    if isinstance(result, bytes):
        return b"application/unknown", result
    try:
        return b"application/json", encode(result).encode("utf-8")
    except Exception as error:
        raise RuntimeFault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def serve(connection, handler):
    global request_id
    connection.send(NEXT)
    traced = False
    while True:
        status, fields, body = connection.answer()
        request = fields.get("lambda-runtime-aws-request-id")
        if status != 200 or request is None:
            if status == 403 or status >= 500:
                sys.exit(1)
            if status >= 400:
                sys.stdout.write(f"[ERROR] The result was refused with status {status}\n")
            continue
        request_id = request
        invocation = fields.get("lambda-runtime-invocation-id", "")
        trace = fields.get("lambda-runtime-trace-id")
        if trace:
            os.environ["_X_AMZN_TRACE_ID"] = trace
            traced = True
        elif traced:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
            traced = False
        try:
            content_type, result = invoke(handler, fields, body)
        except Exception as error:
            document = document_of(error)
            write_error(document)
            connection.send(error_request(f"invocation/{request}/error", document, invocation) + NEXT)
            continue
        connection.send(
            b"POST /2018-06-01/runtime/invocation/%b%b%b\r\nLambda-Runtime-Invocation-Id: %b\r\nContent-Length: %d\r\n\r\n%b%b"
            % (request.encode("ascii"), RESULT_FIELDS, content_type, invocation.encode("ascii"), len(result), result, NEXT)
        )


def main():
    sys.path[0] = TASK_ROOT  # in the place of this file's own directory
    start_logging()
    connection = Connection()
    try:
        handler = load(sys.argv[1])
    except Exception as error:
        document = document_of(error)
        write_error(document)
        connection.send(error_request("init/error", document))
        connection.answer()
        sys.exit(1)
    serve(connection, handler)


if __name__ == "__main__":
    main()
