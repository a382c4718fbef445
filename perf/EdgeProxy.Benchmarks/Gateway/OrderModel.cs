using System.Text;
using EdgeProxy.Compiler.Schemas;
using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Benchmarks.Gateway;

/// <summary>The model that bodies are held against, of 60 keywords, and a body of 2 KB that it takes.</summary>
internal static class OrderModel
{
    private const string Schema = """
        {
          "type": "object",
          "required": ["orderId", "customer", "items", "currency", "total"],
          "additionalProperties": false,
          "properties": {
            "orderId": {"type": "string", "pattern": "^ord-[0-9a-f]{8}$"},
            "createdAt": {"type": "string", "format": "date-time"},
            "currency": {"enum": ["EUR", "USD", "GBP", "CHF"]},
            "total": {"type": "number", "minimum": 0, "maximum": 1000000, "multipleOf": 0.01},
            "customer": {"$ref": "#/definitions/customer"},
            "items": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"$ref": "#/definitions/item"}},
            "notes": {"type": "string", "maxLength": 500},
            "tags": {"type": "array", "uniqueItems": true, "items": {"type": "string", "minLength": 1, "maxLength": 20}},
            "payment": {"oneOf": [
              {"type": "object", "required": ["card"], "properties": {"card": {"type": "string", "minLength": 4}}},
              {"type": "object", "required": ["iban"], "properties": {"iban": {"type": "string", "minLength": 15, "maxLength": 34}}}]}
          },
          "definitions": {
            "customer": {
              "type": "object",
              "required": ["id", "name", "email"],
              "properties": {
                "id": {"type": "integer", "minimum": 1},
                "name": {"type": "string", "minLength": 1, "maxLength": 80},
                "email": {"type": "string", "format": "email"},
                "address": {"$ref": "#/definitions/address"}
              }
            },
            "address": {
              "type": "object",
              "required": ["street", "city", "country"],
              "additionalProperties": {"type": "string"},
              "properties": {"street": {"type": "string"}, "city": {"type": "string"}, "country": {"type": "string", "pattern": "^[A-Z]{2}$"}}
            },
            "item": {
              "type": "object",
              "required": ["sku", "quantity", "price"],
              "properties": {
                "sku": {"type": "string", "minLength": 6, "maxLength": 12},
                "title": {"type": "string", "maxLength": 120},
                "quantity": {"type": "integer", "minimum": 1, "maximum": 999},
                "price": {"type": "number", "minimum": 0},
                "gift": {"type": "boolean"},
                "weight": {"type": ["number", "null"]}
              }
            }
          }
        }
        """;

    /// <summary>The model, compiled.</summary>
    internal static SchemaPlan Plan()
    {
        var resources = new SchemaResources();
        JsonValue root = JsonValue.ParseOrNull(Schema)!;
        resources.AddModel("Order", root);
        var problems = new List<SchemaProblem>();
        SchemaPlan plan = new SchemaCompiler(resources).Compile(root, problems);
        return problems.Count == 0 ? plan : throw new InvalidOperationException(problems[0].Message);
    }

    /// <summary>2 KB of an order.</summary>
    public static byte[] MakeBody()
    {
        var text = new StringBuilder("""
            {"orderId":"ord-8f14e45f","createdAt":"2026-11-22T16:30:00.250Z","currency":"EUR","total":1289.35,
            "customer":{"id":8812773,"name":"Ada Lovelace","email":"ada.lovelace@example.com","address":{"street":"12 St James's Square","city":"London","country":"GB","floor":"third, second door"}},
            "items":[
            """);
        for (int i = 0; text.Length < 1740; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(System.Globalization.CultureInfo.InvariantCulture,
                $$"""{"sku":"SKU-{{1000 + i}}","title":"Ledger paper, ruled, 80 sheets, number {{i}}","quantity":{{i + 1}},"price":{{i + 3}}.95,"gift":false,"weight":null}""");
        }

        text.Append("""],"notes":"Leave it with the neighbours if nobody opens; the bell does not always ring, so knock as well, please.","tags":["paper","office","repeat customer"],"payment":{"iban":"GB29NWBK60161331926819"}}""");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
