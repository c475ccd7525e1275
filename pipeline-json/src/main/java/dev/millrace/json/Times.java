package dev.millrace.json;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import java.time.Duration;
import java.util.Calendar;
import java.util.Date;

/** Has times of all types read by {@link TimeDeserializer}. */
final class Times extends BeanDeserializerModifier {

    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription description, JsonDeserializer<?> jackson) {
        Class<?> type = description.getBeanClass();
        TimeText text = TimeText.of(type);
        return text != null || isTime(type) ? new TimeDeserializer(description.getType(), text, jackson) : jackson;
    }

    private static boolean isTime(Class<?> type) {
        return type == Duration.class || Date.class.isAssignableFrom(type) || Calendar.class.isAssignableFrom(type);
    }
}
