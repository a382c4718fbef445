namespace EdgeProxy.ControlPlane.Management;

/// <summary>The errors of the management API (control-plane.md 1.4) and their statuses.</summary>
public enum ErrorType
{
    BadRequestException,
    ValidationException,
    SerializationException,
    NotFoundException,
    ConflictException,
    AccessDeniedException,
    LimitExceededException,
    TooManyRequestsException,
    ServiceUnavailableException,
    InternalServerErrorException,
}
