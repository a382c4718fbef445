using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.5: all 124 operations, each found by its method and path, and each with what it says when it is refused.</summary>
public sealed class V1_1_5_OperationErrors
{
    private const string NoApi = "404 NotFoundException: Invalid API identifier specified 000000000000:nope";
    private const string NoResource = "404 NotFoundException: Invalid Resource identifier specified";
    private const string NoMethod = "404 NotFoundException: Invalid Method identifier specified";
    private const string NoStatus = "404 NotFoundException: Invalid Response status code specified";
    private const string NoStage = "404 NotFoundException: Invalid stage identifier specified";
    private const string NoDeployment = "404 NotFoundException: Invalid deployment identifier specified";
    private const string NoAuthorizer = "404 NotFoundException: Invalid Authorizer identifier specified";
    private const string NoValidator = "404 NotFoundException: Invalid Request Validator identifier specified";
    private const string NoPart = "404 NotFoundException: Invalid Documentation part identifier specified";
    private const string NoVersion = "404 NotFoundException: Invalid Documentation version identifier specified";
    private const string NoModel = "404 NotFoundException: Invalid model name specified: Nope";
    private const string NoKey = "404 NotFoundException: Invalid API Key identifier specified";
    private const string NoPlan = "404 NotFoundException: Invalid Usage Plan ID specified";
    private const string NoCertificate = "404 NotFoundException: Invalid Client Certificate identifier specified";
    private const string NoLink = "404 NotFoundException: Invalid Vpc Link identifier specified";
    private const string NoDomain = "404 NotFoundException: Invalid domain name identifier specified";
    private const string NoAssociation = "404 NotFoundException: Invalid domain name access association identifier specified";
    private const string BadLimit = "400 BadRequestException: Invalid limit parameter. Must be a positive number.";
    private const string Mistyped = "400 SerializationException: class java.lang.Integer can not be converted to an String";
    private const string Patch = """{"patchOperations":[{"op":"replace","path":"/description","value":"d"}]}""";
    private const string Arn = "arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fnope";
    private const string NoArn = "404 NotFoundException: Invalid resource ARN specified arn:aws:apigateway:us-east-1::/restapis/nope";

    // Name, what is asked, the body, what is answered. In the order of the specification's tables.
    private static readonly string[][] s_rows =
    [
        ["GetAccount", "GET /account", "", ""],
        ["UpdateAccount", "PATCH /account", """{"patchOperations":[{"op":"replace","path":"/x","value":"d"}]}""", "400 BadRequestException: Invalid patch path /x"],
        ["GetApiKeys", "GET /apikeys?limit=0", "", BadLimit],
        ["CreateApiKey", "POST /apikeys", """{"value":"short"}""", "400 BadRequestException: API Key value should be at least 20 characters"],
        ["GetApiKey", "GET /apikeys/nope", "", NoKey],
        ["UpdateApiKey", "PATCH /apikeys/nope", Patch, NoKey],
        ["DeleteApiKey", "DELETE /apikeys/nope", "", NoKey],
        ["ImportApiKeys", "POST /apikeys?mode=import&format=xml", "name,key\n", "400 ValidationException: 1 validation error detected: Value 'xml' at 'format' failed to satisfy constraint: Member must satisfy enum value set: [csv]"],
        ["GetClientCertificates", "GET /clientcertificates?limit=x", "", BadLimit],
        ["GenerateClientCertificate", "POST /clientcertificates", """{"description":1}""", Mistyped],
        ["GetClientCertificate", "GET /clientcertificates/nope", "", NoCertificate],
        ["UpdateClientCertificate", "PATCH /clientcertificates/nope", Patch, NoCertificate],
        ["DeleteClientCertificate", "DELETE /clientcertificates/nope", "", NoCertificate],
        ["GetSdkTypes", "GET /sdktypes?limit=-1", "", BadLimit],
        ["GetSdkType", "GET /sdktypes/nope", "", "404 NotFoundException: Invalid SDK type identifier specified"],
        ["GetTags", "GET /tags/" + Arn, "", NoArn],
        ["TagResource", "PUT /tags/" + Arn, """{"tags":{"a":"b"}}""", NoArn],
        ["UntagResource", "DELETE /tags/" + Arn + "?tagKeys=a", "", NoArn],

        ["GetDomainNameAccessAssociations", "GET /domainnameaccessassociations?resourceOwner=ME", "", "400 ValidationException: 1 validation error detected: Value 'ME' at 'resourceOwner' failed to satisfy constraint: Member must satisfy enum value set: [SELF, OTHER_ACCOUNTS]"],
        ["CreateDomainNameAccessAssociation", "POST /domainnameaccessassociations", """{"domainNameArn":"arn:aws:apigateway:us-east-1:000000000000:/domainnames/a.example.com+b","accessAssociationSourceType":"VPCE","accessAssociationSource":"vpce-1"}""", NoDomain],
        ["DeleteDomainNameAccessAssociation", "DELETE /domainnameaccessassociations/nope", "", NoAssociation],
        ["GetDomainNames", "GET /domainnames?resourceOwner=ME", "", "400 ValidationException: 1 validation error detected: Value 'ME' at 'resourceOwner' failed to satisfy constraint: Member must satisfy enum value set: [SELF, OTHER_ACCOUNTS]"],
        ["CreateDomainName", "POST /domainnames", """{"domainName":"a b"}""", "400 BadRequestException: Invalid domain name specified"],
        ["GetDomainName", "GET /domainnames/a.example.com", "", NoDomain],
        ["UpdateDomainName", "PATCH /domainnames/a.example.com", Patch, NoDomain],
        ["DeleteDomainName", "DELETE /domainnames/a.example.com", "", NoDomain],
        ["GetBasePathMappings", "GET /domainnames/a.example.com/basepathmappings", "", NoDomain],
        ["CreateBasePathMapping", "POST /domainnames/a.example.com/basepathmappings", """{"restApiId":"nope"}""", NoDomain],
        ["GetBasePathMapping", "GET /domainnames/b.example.com/basepathmappings/v1", "", "404 NotFoundException: Invalid base path mapping identifier specified"],
        ["UpdateBasePathMapping", "PATCH /domainnames/b.example.com/basepathmappings/v1", Patch, "404 NotFoundException: Invalid base path mapping identifier specified"],
        ["DeleteBasePathMapping", "DELETE /domainnames/b.example.com/basepathmappings/%28none%29", "", "404 NotFoundException: Invalid base path mapping identifier specified"],
        ["RejectDomainNameAccessAssociation", "POST /rejectdomainnameaccessassociations?domainNameAccessAssociationArn=a&domainNameArn=b", "", NoAssociation],

        ["GetUsagePlans", "GET /usageplans?position=!", "", "400 BadRequestException: Invalid position parameter."],
        ["CreateUsagePlan", "POST /usageplans", """{"name":"p","apiStages":[{"apiId":"nope"}]}""", "400 BadRequestException: Invalid API Stage specified"],
        ["GetUsagePlan", "GET /usageplans/nope", "", NoPlan],
        ["UpdateUsagePlan", "PATCH /usageplans/nope", Patch, NoPlan],
        ["DeleteUsagePlan", "DELETE /usageplans/nope", "", NoPlan],
        ["GetUsagePlanKeys", "GET /usageplans/nope/keys", "", NoPlan],
        ["CreateUsagePlanKey", "POST /usageplans/{plan}/keys", """{"keyId":"nope","keyType":"API_KEY"}""", NoKey],
        ["GetUsagePlanKey", "GET /usageplans/{plan}/keys/nope", "", "404 NotFoundException: Invalid Usage Plan Key identifier specified"],
        ["DeleteUsagePlanKey", "DELETE /usageplans/{plan}/keys/nope", "", "404 NotFoundException: Invalid Usage Plan Key identifier specified"],
        ["UpdateUsage", "PATCH /usageplans/nope/keys/nope/usage", Patch, NoPlan],
        ["GetUsage", "GET /usageplans/nope/usage?startDate=2026-11-22&endDate=2026-11-22", "", NoPlan],

        ["GetVpcLinks", "GET /vpclinks?limit=", "", BadLimit],
        ["CreateVpcLink", "POST /vpclinks", """{"name":"v","targetArns":["zz"]}""", "400 BadRequestException: Invalid ARN. ARN is not well formed zz"],
        ["GetVpcLink", "GET /vpclinks/nope", "", NoLink],
        ["UpdateVpcLink", "PATCH /vpclinks/nope", Patch, NoLink],
        ["DeleteVpcLink", "DELETE /vpclinks/nope", "", NoLink],

        ["GetAuthorizers", "GET /restapis/nope/authorizers", "", NoApi],
        ["CreateAuthorizer", "POST {api}/authorizers", """{"name":"a","type":"X"}""", "400 ValidationException: 1 validation error detected: Value 'X' at 'createAuthorizerInput.type' failed to satisfy constraint: Member must satisfy enum value set: [TOKEN, REQUEST, COGNITO_USER_POOLS, JWT]"],
        ["GetAuthorizer", "GET {api}/authorizers/nope", "", NoAuthorizer],
        ["TestInvokeAuthorizer", "POST {api}/authorizers/nope", "{}", NoAuthorizer],
        ["UpdateAuthorizer", "PATCH {api}/authorizers/nope", Patch, NoAuthorizer],
        ["DeleteAuthorizer", "DELETE {api}/authorizers/nope", "", NoAuthorizer],

        ["GetDeployments", "GET /restapis/nope/deployments", "", NoApi],
        ["CreateDeployment", "POST /restapis/nope/deployments", "{}", NoApi],
        ["GetDeployment", "GET {api}/deployments/nope", "", NoDeployment],
        ["UpdateDeployment", "PATCH {api}/deployments/nope", Patch, NoDeployment],
        ["DeleteDeployment", "DELETE {api}/deployments/nope", "", NoDeployment],

        ["GetDocumentationParts", "GET /restapis/nope/documentation/parts", "", NoApi],
        ["CreateDocumentationPart", "POST {api}/documentation/parts", """{"location":{"type":"MODEL"},"properties":"{\"a\":1}"}""", "400 BadRequestException: Invalid documentation part location: name is required for type MODEL"],
        ["ImportDocumentationParts", "PUT {api}/documentation/parts", "x", "400 BadRequestException: Unable to build importer with provided input."],
        ["GetDocumentationPart", "GET {api}/documentation/parts/nope", "", NoPart],
        ["UpdateDocumentationPart", "PATCH {api}/documentation/parts/nope", Patch, NoPart],
        ["DeleteDocumentationPart", "DELETE {api}/documentation/parts/nope", "", NoPart],
        ["GetDocumentationVersions", "GET /restapis/nope/documentation/versions", "", NoApi],
        ["CreateDocumentationVersion", "POST {api}/documentation/versions", """{"documentationVersion":"1","stageName":"nope"}""", NoStage],
        ["GetDocumentationVersion", "GET {api}/documentation/versions/nope", "", NoVersion],
        ["UpdateDocumentationVersion", "PATCH {api}/documentation/versions/nope", Patch, NoVersion],
        ["DeleteDocumentationVersion", "DELETE {api}/documentation/versions/nope", "", NoVersion],

        ["GetGatewayResponses", "GET /restapis/nope/gatewayresponses", "", NoApi],
        ["GetGatewayResponse", "GET /restapis/nope/gatewayresponses/THROTTLED", "", NoApi],
        ["PutGatewayResponse", "PUT {api}/gatewayresponses/THROTTLED", """{"responseParameters":{"gatewayresponse.header.X":"bogus"}}""", "400 BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: bogus]"],
        ["UpdateGatewayResponse", "PATCH {api}/gatewayresponses/THROTTLED", """{"patchOperations":[{"op":"add","path":"/responseTemplates/text~1plain","value":""}]}""", "400 BadRequestException: Invalid null or empty value in responseTemplates"],
        ["DeleteGatewayResponse", "DELETE {api}/gatewayresponses/THROTTLED", "", "404 NotFoundException: Gateway response type not defined on api"],

        ["GetModels", "GET /restapis/nope/models", "", NoApi],
        ["CreateModel", "POST {api}/models", """{"name":"A","contentType":"zz","schema":"{}"}""", "400 BadRequestException: Validation Result: warnings : [], errors : [Invalid content type specified: zz]"],
        ["GetModel", "GET {api}/models/Nope", "", NoModel],
        ["UpdateModel", "PATCH {api}/models/Nope", Patch, NoModel],
        ["DeleteModel", "DELETE {api}/models/Nope", "", NoModel],
        ["GetModelTemplate", "GET {api}/models/Nope/default_template", "", NoModel],

        ["GetRequestValidators", "GET /restapis/nope/requestvalidators", "", NoApi],
        ["CreateRequestValidator", "POST /restapis/nope/requestvalidators", """{"name":"v"}""", "400 BadRequestException: Invalid REST API identifier specified"],
        ["GetRequestValidator", "GET {api}/requestvalidators/nope", "", NoValidator],
        ["UpdateRequestValidator", "PATCH {api}/requestvalidators/nope", Patch, NoValidator],
        ["DeleteRequestValidator", "DELETE {api}/requestvalidators/nope", "", NoValidator],

        ["GetResources", "GET /restapis/nope/resources", "", NoResource],
        ["CreateResource", "POST {api}/resources/nope", """{"pathPart":"a"}""", NoResource],
        ["GetResource", "GET {api}/resources/nope", "", NoResource],
        ["UpdateResource", "PATCH {api}/resources/nope", Patch, NoResource],
        ["DeleteResource", "DELETE {api}/resources/{root}", "", "400 BadRequestException: Root resource cannot be deleted."],
        ["GetMethod", "GET {api}/resources/{pets}/methods/PUT", "", NoMethod],
        ["TestInvokeMethod", "POST {api}/resources/{pets}/methods/PUT", "{}", NoMethod],
        ["PutMethod", "PUT {api}/resources/{pets}/methods/GET", """{"authorizationType":"NONE"}""", "409 ConflictException: Method already exists for this resource"],
        ["UpdateMethod", "PATCH {api}/resources/{pets}/methods/PUT", Patch, NoMethod],
        ["DeleteMethod", "DELETE {api}/resources/{pets}/methods/PUT", "", NoMethod],
        ["GetIntegration", "GET {api}/resources/{pets}/methods/POST/integration", "", "404 NotFoundException: Invalid Integration identifier specified"],
        ["PutIntegration", "PUT {api}/resources/{pets}/methods/GET/integration", """{"type":"MOCK","responseTransferMode":"STREAM"}""", "400 BadRequestException: The response transfer mode STREAM is only supported for integrations of type HTTP_PROXY and AWS_PROXY."],
        ["UpdateIntegration", "PATCH {api}/resources/{pets}/methods/POST/integration", Patch, "404 NotFoundException: Invalid Integration identifier specified"],
        ["DeleteIntegration", "DELETE {api}/resources/{pets}/methods/POST/integration", "", "404 NotFoundException: Invalid Integration identifier specified"],
        ["GetIntegrationResponse", "GET {api}/resources/{pets}/methods/GET/integration/responses/404", "", NoStatus],
        ["PutIntegrationResponse", "PUT {api}/resources/{pets}/methods/GET/integration/responses/404", "{}", NoStatus],
        ["UpdateIntegrationResponse", "PATCH {api}/resources/{pets}/methods/GET/integration/responses/404", Patch, NoStatus],
        ["DeleteIntegrationResponse", "DELETE {api}/resources/{pets}/methods/GET/integration/responses/404", "", NoStatus],
        ["GetMethodResponse", "GET {api}/resources/{pets}/methods/GET/responses/404", "", NoStatus],
        ["PutMethodResponse", "PUT {api}/resources/{pets}/methods/GET/responses/200", "{}", "409 ConflictException: Response already exists for this resource"],
        ["UpdateMethodResponse", "PATCH {api}/resources/{pets}/methods/GET/responses/404", Patch, NoStatus],
        ["DeleteMethodResponse", "DELETE {api}/resources/{pets}/methods/GET/responses/404", "", NoStatus],

        ["GetStages", "GET /restapis/nope/stages", "", NoApi],
        ["CreateStage", "POST {api}/stages", """{"stageName":"s","deploymentId":"nope"}""", "400 BadRequestException: Deployment id does not exist"],
        ["GetStage", "GET {api}/stages/nope", "", NoStage],
        ["UpdateStage", "PATCH {api}/stages/nope", Patch, NoStage],
        ["DeleteStage", "DELETE {api}/stages/nope", "", NoStage],
        ["FlushStageAuthorizersCache", "DELETE {api}/stages/nope/cache/authorizers", "", NoStage],
        ["FlushStageCache", "DELETE {api}/stages/nope/cache/data", "", NoStage],
        ["GetExport", "GET {api}/stages/nope/exports/oas30", "", NoStage],
        ["GetSdk", "GET {api}/stages/nope/sdks/javascript", "", NoStage],

        ["GetRestApis", "GET /restapis?limit=1.5", "", BadLimit],
        ["CreateRestApi", "POST /restapis", """{"name":"a","securityPolicy":"TLS_9"}""", "400 ValidationException: 1 validation error detected: Value 'TLS_9' at 'createRestApiInput.securityPolicy' failed to satisfy constraint: Member must satisfy enum value set: [TLS_1_0, TLS_1_2, SecurityPolicy_TLS13_1_3_2025_09, SecurityPolicy_TLS13_1_3_FIPS_2025_09, SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09, SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09, SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09, SecurityPolicy_TLS13_1_2_PQ_2025_09, SecurityPolicy_TLS13_1_2_2021_06, SecurityPolicy_TLS13_2025_EDGE, SecurityPolicy_TLS12_PFS_2025_EDGE, SecurityPolicy_TLS12_2018_EDGE]"],
        ["GetRestApi", "GET /restapis/nope", "", NoApi],
        ["PutRestApi", "PUT {api}", "{", "400 BadRequestException: Invalid OpenAPI input."],
        ["UpdateRestApi", "PATCH /restapis/nope", Patch, NoApi],
        ["DeleteRestApi", "DELETE /restapis/nope", "", NoApi],
        ["ImportRestApi", "POST /restapis?mode=import", "[]", "400 BadRequestException: Invalid OpenAPI input."],
    ];

    private readonly RestApiHarness _api = new();
    private readonly string _plan;

    public V1_1_5_OperationErrors()
    {
        _plan = _api.Do("POST /usageplans", """{"name":"p"}""").TextOf("id")!;
        _api.Do($"PUT {_api.Path}/resources/{_api.Pets}/methods/POST", """{"authorizationType":"NONE"}""");
        _api.Do("POST /domainnames", """{"domainName":"b.example.com"}""");
    }

    [Fact]
    public void All_124_operations_are_here_and_no_other()
    {
        Assert.Equal(124, s_rows.Length);
        Assert.Equal(
            OperationList.All.Where(static operation => operation.Version == ServiceVersion.V1 && !operation.IsExtension).Select(static operation => operation.Name).Order(StringComparer.Ordinal),
            s_rows.Select(static row => row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_is_found_by_its_method_and_path()
    {
        var table = new OperationTable(OperationList.All);
        foreach (string[] row in s_rows)
        {
            string[] target = Filled(row[1]).Split(' ', '?');
            Assert.Equal(row[0], table.Find(target[0], target[1], row[1].Contains("mode=import", StringComparison.Ordinal), [])?.Name);
        }
    }

    [Fact]
    public void Each_says_in_the_service_s_words_what_is_wrong()
    {
        foreach (string[] row in s_rows)
        {
            if (row[3].Length == 0) continue; // The account is always there, and there is nothing to get wrong about it.
            Assert.Equal($"{row[0]}: {row[3]}", $"{row[0]}: {_api.Fail(Filled(row[1]), row[2])}");
        }
    }

    [Fact]
    public void Each_with_members_takes_a_JSON_object_alone()
    {
        foreach (string[] row in s_rows)
        {
            Operation operation = OperationList.All.First(operation => operation.Name == row[0] && operation.Version == ServiceVersion.V1);
            if (operation.TakesRawBody || operation.Method is "GET" or "DELETE") continue;
            foreach (string body in new[] { "[]", "null", "7", "\"x\"", "{", "{}{}", "{\"a\":1,}", "\uFEFF{}", "{\"a\":\"\\ud800\"}" })
            {
                Assert.Equal($"{row[0]} {body}: 400 SerializationException: The body is not a JSON object.", $"{row[0]} {body}: {_api.Fail(Filled(row[1]), body)}");
            }
        }
    }

    [Fact]
    public void What_is_required_is_asked_for_by_name()
    {
        (string Target, string[] Members)[] rows =
        [
            ("POST /domainnames", ["domainName"]), ("POST /domainnames/b.example.com/basepathmappings", ["restApiId"]), ("POST /domainnameaccessassociations", ["domainNameArn", "accessAssociationSourceType", "accessAssociationSource"]),
            ("POST /usageplans", ["name"]), ("POST /usageplans/{plan}/keys", ["keyId", "keyType"]), ("POST /vpclinks", ["name", "targetArns"]), ("POST {api}/authorizers", ["name", "type"]),
            ("POST {api}/documentation/parts", ["location", "properties"]), ("POST {api}/documentation/versions", ["documentationVersion"]), ("POST {api}/models", ["name", "contentType"]),
            ("POST {api}/resources/{root}", ["pathPart"]), ("PUT {api}/resources/{pets}/methods/PUT", ["authorizationType"]), ("PUT {api}/resources/{pets}/methods/GET/integration", ["type"]),
            ("POST {api}/stages", ["stageName", "deploymentId"]), ("POST /restapis", ["name"]), ("PUT /tags/" + Arn, ["tags"]),
        ];
        var table = new OperationTable(OperationList.All);
        foreach ((string target, string[] members) in rows)
        {
            string[] parts = Filled(target).Split(' ');
            string name = table.Find(parts[0], parts[1], false, [])!.Name;
            string input = char.ToLowerInvariant(name[0]) + name[1..] + "Input";
            string expected = string.Join("; ", members.Select(member => $"Value null at '{input}.{member}' failed to satisfy constraint: Member must not be null"));
            string errors = $"400 ValidationException: {members.Length} validation error{(members.Length == 1 ? "" : "s")} detected: {expected}";
            Assert.Equal(errors, _api.Fail(Filled(target), "{}"));
            Assert.Equal(errors, _api.Fail(Filled(target)));
        }
    }

    [Theory]
    [InlineData("HEAD /restapis")]
    [InlineData("PUT /restapis")]
    [InlineData("DELETE /restapis")]
    [InlineData("POST {api}")]
    [InlineData("GET {api}/nope")]
    [InlineData("GET {api}/models/Empty/x")]
    [InlineData("GET /RestApis")]
    public void Another_method_or_path_is_no_operation(string target) => Assert.Equal("404 NotFoundException: No operation has this method and path.", _api.Fail(Filled(target)));

    [Theory]
    [InlineData("GET {api}/")]
    [InlineData("GET {api}/models/%45mpty")]
    [InlineData("GET {api}/resources/{root}/")]
    public void A_slash_at_the_end_and_encoded_letters_change_nothing(string target) => Assert.NotEmpty(_api.Do(Filled(target)).Members);

    [Theory]
    [InlineData("%zz")]
    [InlineData("%ff")]
    [InlineData("%E2%82")]
    public void What_is_no_encoded_text_is_taken_as_it_is(string id) => Assert.Equal("404 NotFoundException: Invalid API identifier specified 000000000000:" + id, _api.Fail("GET /restapis/" + id));

    [Fact]
    public void Of_two_members_of_one_name_the_last_counts_and_unknown_ones_are_left_out()
    {
        WireValue made = _api.Do("POST /restapis", """{"name":"a","name":"b","nope":[1,{"x":null}]}""");
        Assert.Equal("b", made.TextOf("name"));
        Assert.Null(made["nope"]);
    }

    [Theory]
    [InlineData("99999999999999999999", "java.math.BigInteger")]
    [InlineData("1.5", "java.lang.Double")]
    [InlineData("1e2", "java.lang.Double")]
    [InlineData("\"1\"", "java.lang.String")]
    [InlineData("true", "java.lang.Boolean")]
    [InlineData("[1]", "java.util.ArrayList")]
    [InlineData("{}", "java.util.LinkedHashMap")]
    public void A_wrong_type_is_named_as_the_service_names_it(string value, string type) =>
        Assert.Equal($"400 SerializationException: class {type} can not be converted to an Integer", _api.Fail("POST /restapis", $$"""{"name":"a","minimumCompressionSize":{{value}}}"""));

    private string Filled(string text) => text
        .Replace("{api}", _api.Path, StringComparison.Ordinal).Replace("{root}", _api.Root, StringComparison.Ordinal).Replace("{pets}", _api.Pets, StringComparison.Ordinal).Replace("{plan}", _plan, StringComparison.Ordinal);
}
