package io.plantroom.wire;

import java.util.Locale;
import java.util.Optional;

/**
 * Why a command did not end as it was meant, in both languages. On the wire goes the {@link #key};
 * one that an older hub does not know is shown as it stands.
 */
public enum CommandReason {
  FIRE("消防设备只监听，不允许下发控制", "fire equipment is only listened to"),
  NOT_ALLOWED("本网关的配置未允许下发该点位", "this gateway's configuration does not allow this point"),
  NO_SUCH_DEVICE("网关上没有该设备", "the gateway has no such device"),
  NO_SUCH_POINT("该设备没有此点位", "the device has no such point"),
  NOT_WRITABLE("设备模型未声明该点位可写", "the model does not say that the point may be written"),
  NOT_A_NUMBER("不是数字", "not a number"),
  OUT_OF_BOUNDS("超出允许范围", "outside the bounds of the model"),
  NOT_A_STEP("不是允许的步进值", "between two steps of the model"),
  NOT_A_STATE("不是允许的状态", "not a state that may be set"),
  NO_WRITER("该协议不支持写入", "the device's protocol cannot write"),
  TOO_LATE("指令已过期", "it came too late"),
  TOO_LONG("有效期过长", "it is meant to hold for too long"),
  CLOCK(
      "网关时钟不可信，无法判断是否过期",
      "the gateway's clock is not trusted, so nobody knows whether it came in time"),
  DISK("网关磁盘无法记录指令，未写入", "the gateway's disk cannot remember it, so it was not written"),
  DEVICE_REFUSED("设备拒绝写入", "the device refused"),
  NO_CONNECTION("设备未连接，未写入", "the device was not reached, nothing was written"),
  DEVICE_SILENT("写入后设备无应答，可能已写入", "the device did not answer, it may have been written"),
  INTERRUPTED("网关在写入过程中重启，可能已写入", "the gateway ended while it wrote, it may have been written"),
  READS_OTHERWISE("回读值与写入值不同", "the device shows another value than was written"),
  NOT_READ_BACK("已写入，但无法回读", "written, but it could not be read back"),
  NO_ANSWER("网关未应答，可能已写入", "the gateway has not answered, it may have been written");

  private final String zh;
  private final String en;

  CommandReason(String zh, String en) {
    this.zh = zh;
    this.en = en;
  }

  /** As on the wire and in the database. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** For people. */
  public Event.LocalName text() {
    return new Event.LocalName(zh, en);
  }

  /** The reason with this key, if it is known here. */
  public static Optional<CommandReason> of(String key) {
    for (CommandReason reason : values()) {
      if (reason.key().equals(key)) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
