namespace EdgeProxy.Compiler.Problems;

/// <summary>
/// Stable numbers of problems, printed as <c>EPnnnn</c>. 10xx: the bytes of a document; 11xx: the shape of any document; 12xx: OpenAPI
/// import; 13xx: definitions as such; 14xx: correct, but not supported by this version; 20xx: settings of the node.
/// </summary>
public enum ProblemCode
{
    /// <summary>Not a code; never reported.</summary>
    None = 0,

    /// <summary>The file cannot be read.</summary>
    UnreadableFile = 1001,

    /// <summary>The document is not well-formed YAML or JSON.</summary>
    Syntax = 1002,

    /// <summary>A mapping holds the same key twice.</summary>
    DuplicateKey = 1003,

    /// <summary>Nesting deeper than the limit.</summary>
    TooDeep = 1004,

    /// <summary>More bytes or nodes than the limit.</summary>
    TooLarge = 1005,

    /// <summary>One file holds several YAML documents.</summary>
    SeveralDocuments = 1006,

    /// <summary>A YAML alias or merge key that cannot be followed.</summary>
    BadAlias = 1007,

    /// <summary>The bytes are not UTF-8.</summary>
    NotUtf8 = 1008,

    /// <summary>The document is empty.</summary>
    EmptyDocument = 1009,

    /// <summary>A mapping key that is not a plain value.</summary>
    BadKey = 1010,

    /// <summary>A value has another type than expected (text instead of a list, and so on).</summary>
    WrongType = 1101,

    /// <summary>A key that nothing knows.</summary>
    UnknownKey = 1102,

    /// <summary>A required member is missing.</summary>
    Missing = 1103,

    /// <summary>A number or size outside its range.</summary>
    OutOfRange = 1104,

    /// <summary>A text that is not one of the allowed values.</summary>
    NotAllowed = 1105,

    /// <summary>A text with the wrong form (a URL, a name, an expression).</summary>
    BadFormat = 1106,

    /// <summary>Neither OpenAPI 3.0, 3.1 nor Swagger 2.0.</summary>
    NotOpenApi = 1201,

    /// <summary>A <c>$ref</c> that leads nowhere, outside the document, or back to itself.</summary>
    BadReference = 1202,

    /// <summary>An <c>x-amazon-apigateway-*</c> or <c>x-edgeproxy-*</c> extension that nothing knows.</summary>
    UnknownExtension = 1203,

    /// <summary>A known extension at a place where it has no effect.</summary>
    MisplacedExtension = 1204,

    /// <summary>Something that API Gateway ignores on import.</summary>
    Ignored = 1205,

    /// <summary>Something that API Gateway refuses and EdgeProxy accepts, with <c>--strict</c>.</summary>
    StrictRefused = 1206,

    /// <summary>A security requirement or scheme that does not fit.</summary>
    BadSecurity = 1207,

    /// <summary>A security requirement that API Gateway does not enforce.</summary>
    NotEnforced = 1208,

    /// <summary>A CloudFormation function in a document that is not a template.</summary>
    IntrinsicFunction = 1209,

    /// <summary>A name (validator, model, security scheme) that is not defined.</summary>
    UnknownName = 1210,

    /// <summary>A path that cannot be a resource.</summary>
    BadPath = 1301,

    /// <summary>Two methods that no request could tell apart.</summary>
    DuplicateRoute = 1302,

    /// <summary>Two placeholders with different names at one place of the path tree.</summary>
    SiblingPlaceholders = 1303,

    /// <summary>A method without an integration.</summary>
    MissingIntegration = 1304,

    /// <summary>An integration's <c>uri</c> that cannot be called.</summary>
    BadUri = 1305,

    /// <summary>A placeholder of an integration's <c>uri</c> to which nothing is mapped.</summary>
    UnmappedPlaceholder = 1306,

    /// <summary>A parameter mapping with a target or source of the wrong form.</summary>
    BadMapping = 1307,

    /// <summary>A mapping that reads a parameter which the method does not declare.</summary>
    UndeclaredParameter = 1308,

    /// <summary>An integration response that leads to a method response which is not declared.</summary>
    UndeclaredResponse = 1309,

    /// <summary>A selection pattern that is not a regular expression.</summary>
    BadPattern = 1310,

    /// <summary>Two integration responses of which only one can ever answer.</summary>
    DuplicateResponse = 1311,

    /// <summary>A mock request template that yields no status code.</summary>
    BadMockTemplate = 1312,

    /// <summary>Two APIs at one place: the same domain and base path, or the same id and stage.</summary>
    DuplicatePlace = 1313,

    /// <summary>Something that API Gateway takes and that changes nothing.</summary>
    NoEffect = 1314,

    /// <summary>A model that is no JSON schema of draft 4.</summary>
    BadModel = 1315,

    /// <summary>A mapping template with an error, or longer than allowed.</summary>
    BadTemplate = 1316,

    /// <summary>An integration's method that its back end does not take.</summary>
    BadMethod = 1317,

    /// <summary>HTTP APIs as a whole.</summary>
    UnsupportedApiKind = 1401,

    /// <summary>An integration type.</summary>
    UnsupportedIntegration = 1402,

    /// <summary>Access control: authorizer, signatures, API key, resource policy.</summary>
    UnsupportedAccessControl = 1403,

    /// <summary>Request validation.</summary>
    UnsupportedValidation = 1404,

    // 1405 was for mapping templates, which are run now.

    /// <summary>A parameter mapping source.</summary>
    UnsupportedMapping = 1406,

    // 1407 was for VPC links and 1408 for back ends over TLS, which are supported now.

    /// <summary>Any other feature.</summary>
    UnsupportedFeature = 1409,

    /// <summary>A certificate, its key, its chain or what is stapled to it cannot be used.</summary>
    BadCertificate = 2001,

    /// <summary>A certificate that has ended, or not begun.</summary>
    CertificateNotValid = 2002,

    /// <summary>A certificate that ends soon.</summary>
    CertificateEndsSoon = 2003,

    /// <summary>A certificate that is not for the domain it is to serve.</summary>
    NameNotCovered = 2004,

    /// <summary>A name without a certificate.</summary>
    NoCertificate = 2005,

    /// <summary>A trust store or revocation list that cannot be used as a whole.</summary>
    BadTrustStore = 2006,

    /// <summary>A policy that this build can serve in part only.</summary>
    NoPostQuantum = 2007,

    /// <summary>Something that has to sign, without credentials.</summary>
    NoCredentials = 2008,

    /// <summary>A function that no setting says where it runs.</summary>
    NoFunction = 2009,

    /// <summary>Methods that ask for an API key, in a stage that no usage plan lists.</summary>
    NoUsagePlan = 2010,
}
