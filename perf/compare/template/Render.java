import java.io.IOException;
import java.io.InputStreamReader;
import java.io.BufferedReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import net.minidev.json.JSONObject;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.runtime.RuntimeConstants;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.log.NullLogChute;

/** Renders the template with Apache Velocity; see TemplateRow for what is asked of it. The template is parsed once, the body for each run. */
public final class Render {
    private static byte[] body;
    private static JSONObject inputs;

    /** $input: the parts of it that the template asks for. */
    public static final class Input {
        private Object root;

        public Object path(String path) {
            if (root == null) root = JSONValue.parse(new String(body, StandardCharsets.UTF_8));
            Object at = root;
            String[] names = path.split("\\.");
            for (int i = 1; i < names.length && at != null; i++) at = ((JSONObject) at).get(names[i]);
            return at;
        }

        public String json(String path) {
            return JSONValue.toJSONString(path(path), JSONStyle.LT_COMPRESS);
        }

        public String params(String name) {
            for (String place : new String[] {"path", "querystring", "header"}) {
                Object value = ((JSONObject) inputs.get(place)).get(name);
                if (value != null) return (String) value;
            }

            return "";
        }
    }

    /** $util: the parts of it that the template asks for. */
    public static final class Util {
        public String escapeJavaScript(String text) {
            return StringEscapeUtils.escapeJavaScript(text);
        }

        public String base64Encode(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        body = Files.readAllBytes(directory.resolve("orders.json"));
        inputs = (JSONObject) JSONValue.parse(Files.readString(directory.resolve("inputs.json")));

        RuntimeInstance runtime = new RuntimeInstance();
        runtime.setProperty(RuntimeConstants.RUNTIME_LOG_LOGSYSTEM, new NullLogChute());
        runtime.init();
        Template template = new Template();
        template.setRuntimeServices(runtime);
        template.setData(runtime.parse(new StringReader(Files.readString(directory.resolve("orders.vtl"))), "orders"));
        template.initDocument();

        Files.write(Path.of(arguments[1]), render(template));
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            long until = System.nanoTime() + Long.parseLong(line) * 1_000_000;
            long rendered = 0;
            long bytes = 0;
            while (System.nanoTime() < until) {
                for (int i = 0; i < 10; i++) bytes += render(template).length;
                rendered += 10;
            }

            System.out.println(bytes > 0 ? rendered : 0);
        }
    }

    private static byte[] render(Template template) throws IOException {
        VelocityContext context = new VelocityContext();
        context.put("input", new Input());
        context.put("util", new Util());
        context.put("stageVariables", inputs.get("stageVariables"));

        // The template sets a header, so that this part is of the run.
        Map<String, Object> request = new HashMap<>((JSONObject) inputs.get("context"));
        request.put("requestOverride", new HashMap<>(Map.of("header", new HashMap<String, Object>())));
        context.put("context", request);
        StringWriter text = new StringWriter(8192);
        template.merge(context, text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
