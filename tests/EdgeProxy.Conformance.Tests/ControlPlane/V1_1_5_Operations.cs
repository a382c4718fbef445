using EdgeProxy.ControlPlane.Management;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.5: method, path and status of the operations on the definition of a REST API.</summary>
public sealed class V1_1_5_Operations
{
    [Theory]
    [InlineData("GetRestApis", "GET /restapis", 200)]
    [InlineData("CreateRestApi", "POST /restapis", 201)]
    [InlineData("GetRestApi", "GET /restapis/{restapi_id}", 200)]
    [InlineData("UpdateRestApi", "PATCH /restapis/{restapi_id}", 200)]
    [InlineData("DeleteRestApi", "DELETE /restapis/{restapi_id}", 202)]
    [InlineData("GetResources", "GET /restapis/{restapi_id}/resources", 200)]
    [InlineData("CreateResource", "POST /restapis/{restapi_id}/resources/{parent_id}", 201)]
    [InlineData("GetResource", "GET /restapis/{restapi_id}/resources/{resource_id}", 200)]
    [InlineData("UpdateResource", "PATCH /restapis/{restapi_id}/resources/{resource_id}", 200)]
    [InlineData("DeleteResource", "DELETE /restapis/{restapi_id}/resources/{resource_id}", 202)]
    [InlineData("GetMethod", "GET /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 200)]
    [InlineData("PutMethod", "PUT /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 201)]
    [InlineData("UpdateMethod", "PATCH /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 200)]
    [InlineData("DeleteMethod", "DELETE /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", 204)]
    [InlineData("GetMethodResponse", "GET /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/responses/{status_code}", 200)]
    [InlineData("PutMethodResponse", "PUT /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/responses/{status_code}", 201)]
    [InlineData("UpdateMethodResponse", "PATCH /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/responses/{status_code}", 201)]
    [InlineData("DeleteMethodResponse", "DELETE /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/responses/{status_code}", 204)]
    [InlineData("GetIntegration", "GET /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 200)]
    [InlineData("PutIntegration", "PUT /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 201)]
    [InlineData("UpdateIntegration", "PATCH /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 200)]
    [InlineData("DeleteIntegration", "DELETE /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration", 204)]
    [InlineData("GetIntegrationResponse", "GET /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration/responses/{status_code}", 200)]
    [InlineData("PutIntegrationResponse", "PUT /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration/responses/{status_code}", 201)]
    [InlineData("UpdateIntegrationResponse", "PATCH /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration/responses/{status_code}", 200)]
    [InlineData("DeleteIntegrationResponse", "DELETE /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}/integration/responses/{status_code}", 204)]
    [InlineData("GetModels", "GET /restapis/{restapi_id}/models", 200)]
    [InlineData("CreateModel", "POST /restapis/{restapi_id}/models", 201)]
    [InlineData("GetModel", "GET /restapis/{restapi_id}/models/{model_name}", 200)]
    [InlineData("UpdateModel", "PATCH /restapis/{restapi_id}/models/{model_name}", 200)]
    [InlineData("DeleteModel", "DELETE /restapis/{restapi_id}/models/{model_name}", 202)]
    [InlineData("GetRequestValidators", "GET /restapis/{restapi_id}/requestvalidators", 200)]
    [InlineData("CreateRequestValidator", "POST /restapis/{restapi_id}/requestvalidators", 201)]
    [InlineData("GetRequestValidator", "GET /restapis/{restapi_id}/requestvalidators/{requestvalidator_id}", 200)]
    [InlineData("UpdateRequestValidator", "PATCH /restapis/{restapi_id}/requestvalidators/{requestvalidator_id}", 200)]
    [InlineData("DeleteRequestValidator", "DELETE /restapis/{restapi_id}/requestvalidators/{requestvalidator_id}", 202)]
    [InlineData("GetGatewayResponses", "GET /restapis/{restapi_id}/gatewayresponses", 200)]
    [InlineData("GetGatewayResponse", "GET /restapis/{restapi_id}/gatewayresponses/{response_type}", 200)]
    [InlineData("PutGatewayResponse", "PUT /restapis/{restapi_id}/gatewayresponses/{response_type}", 201)]
    [InlineData("UpdateGatewayResponse", "PATCH /restapis/{restapi_id}/gatewayresponses/{response_type}", 200)]
    [InlineData("DeleteGatewayResponse", "DELETE /restapis/{restapi_id}/gatewayresponses/{response_type}", 202)]
    [InlineData("GetAuthorizers", "GET /restapis/{restapi_id}/authorizers", 200)]
    [InlineData("CreateAuthorizer", "POST /restapis/{restapi_id}/authorizers", 201)]
    [InlineData("GetAuthorizer", "GET /restapis/{restapi_id}/authorizers/{authorizer_id}", 200)]
    [InlineData("UpdateAuthorizer", "PATCH /restapis/{restapi_id}/authorizers/{authorizer_id}", 200)]
    [InlineData("DeleteAuthorizer", "DELETE /restapis/{restapi_id}/authorizers/{authorizer_id}", 202)]
    [InlineData("GetDocumentationParts", "GET /restapis/{restapi_id}/documentation/parts", 200)]
    [InlineData("CreateDocumentationPart", "POST /restapis/{restapi_id}/documentation/parts", 201)]
    [InlineData("GetDocumentationPart", "GET /restapis/{restapi_id}/documentation/parts/{part_id}", 200)]
    [InlineData("UpdateDocumentationPart", "PATCH /restapis/{restapi_id}/documentation/parts/{part_id}", 200)]
    [InlineData("DeleteDocumentationPart", "DELETE /restapis/{restapi_id}/documentation/parts/{part_id}", 202)]
    [InlineData("GetDocumentationVersions", "GET /restapis/{restapi_id}/documentation/versions", 200)]
    [InlineData("CreateDocumentationVersion", "POST /restapis/{restapi_id}/documentation/versions", 201)]
    [InlineData("GetDocumentationVersion", "GET /restapis/{restapi_id}/documentation/versions/{doc_version}", 200)]
    [InlineData("UpdateDocumentationVersion", "PATCH /restapis/{restapi_id}/documentation/versions/{doc_version}", 200)]
    [InlineData("DeleteDocumentationVersion", "DELETE /restapis/{restapi_id}/documentation/versions/{doc_version}", 202)]
    public void Each_operation_has_its_row(string name, string target, int status)
    {
        Operation? operation = OperationList.All.FirstOrDefault(operation => operation.Name == name && operation.Version == ServiceVersion.V1);
        Assert.NotNull(operation);
        Assert.Equal(target, $"{operation.Method} {operation.Path}");
        Assert.Equal(status, operation.Status);
    }

    [Fact]
    public void Deletes_have_no_body()
    {
        var api = new RestApiHarness();
        foreach (string target in new[]
        {
            $"DELETE {api.Integration}/responses/200", $"DELETE {api.Integration}", $"DELETE {api.Method}/responses/200", $"DELETE {api.Method}", $"DELETE {api.Path}/resources/{api.Pets}",
            $"DELETE {api.Path}/models/Error", $"DELETE {api.Path}",
        })
        {
            (int status, _) = api.Management.Call(target);
            Assert.True(status is 202 or 204, $"{target}: {status}");
            Assert.Equal(0, api.Management.Last!.Body.Length);
        }
    }
}
