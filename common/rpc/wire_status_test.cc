#include "common/rpc/wire_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "google/rpc/error_details.pb.h"

namespace tributary {

bool operator==(const FieldViolation& a, const FieldViolation& b) {
  return a.field == b.field && a.got == b.got && a.want == b.want;
}

namespace rpc {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

template <typename Detail>
Detail The(const google::rpc::Status& status) {
  Detail detail;
  for (const google::protobuf::Any& any : status.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  ADD_FAILURE() << "no " << Detail::descriptor()->full_name() << " in " << status.ShortDebugString();
  return detail;
}

ErrorDetail Full() {
  ErrorDetail detail;
  detail.reason = Reason::kOverloaded;
  detail.metadata = {{"partner", "p-1"}, {"trace_id", "abc"}};
  detail.violations = {{"partner.tax_id", "12, want 3", "at most 2 characters"}, {"rows[2].line", "", "a number"}};
  detail.preconditions = {"partners/p-1: must be ACTIVE", "no subject at all"};
  detail.retry_after = absl::Milliseconds(1250);
  return detail;
}

TEST(WireStatusTest, EveryReasonComesBackFromTheWire) {
  for (const ReasonInfo& info : AllReasons()) {
    const absl::Status sent = Error(info.reason, "got this, want that", {{"key", "value"}});
    const absl::Status got = FromGrpc(ToGrpc(sent, "en"));
    EXPECT_EQ(got.code(), info.code) << info.name;
    EXPECT_EQ(got.message(), sent.message());
    EXPECT_THAT(got, HasReason(info.reason));
    EXPECT_EQ(DetailOf(got).metadata, DetailOf(sent).metadata);
  }
}

TEST(WireStatusTest, EveryDetailComesBackFromTheWire) {
  const ErrorDetail want = Full();
  const absl::Status sent = WithDetail(absl::StatusCode::kResourceExhausted, "full", want);
  const ErrorDetail got = DetailOf(FromGrpc(ToGrpc(sent, "en")));
  EXPECT_EQ(got.reason, want.reason);
  EXPECT_EQ(got.metadata, want.metadata);
  EXPECT_EQ(got.violations, want.violations);
  EXPECT_EQ(got.preconditions, want.preconditions);
  EXPECT_EQ(got.retry_after, want.retry_after);
}

TEST(WireStatusTest, DetailsAreGoogles) {
  const google::rpc::Status wire = ToRpcStatus(WithDetail(absl::StatusCode::kResourceExhausted, "full", Full()), "en");
  EXPECT_EQ(wire.code(), 8);
  const auto info = The<google::rpc::ErrorInfo>(wire);
  EXPECT_EQ(info.reason(), "OVERLOADED");
  EXPECT_EQ(info.domain(), "tributary");
  EXPECT_EQ(info.metadata().at("partner"), "p-1");
  const auto bad = The<google::rpc::BadRequest>(wire);
  EXPECT_EQ(bad.field_violations(0).field(), "partner.tax_id");
  EXPECT_EQ(bad.field_violations(0).description(), "got 12, want 3, want at most 2 characters");
  const auto failure = The<google::rpc::PreconditionFailure>(wire);
  EXPECT_EQ(failure.violations(0).type(), "OVERLOADED");
  EXPECT_EQ(failure.violations(0).subject(), "partners/p-1");
  EXPECT_EQ(failure.violations(0).description(), "must be ACTIVE");
  EXPECT_EQ(failure.violations(1).subject(), "");
  const auto retry = The<google::rpc::RetryInfo>(wire);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 250000000);
}

TEST(WireStatusTest, TheTextForPeopleIsInTheirLanguage) {
  const struct {
    const char* language;
    const char* locale;
    std::string text;
  } cases[] = {
      {"", "en", std::string(InfoOf(Reason::kNotFound).en)},
      {"en-US", "en", std::string(InfoOf(Reason::kNotFound).en)},
      {"de", "en", std::string(InfoOf(Reason::kNotFound).en)},
      {"zh", "zh-CN", std::string(InfoOf(Reason::kNotFound).zh)},
      {"zh-CN,zh;q=0.9", "zh-CN", std::string(InfoOf(Reason::kNotFound).zh)},
  };
  for (const auto& c : cases) {
    const auto text = The<google::rpc::LocalizedMessage>(ToRpcStatus(NotFound("partners/p-1"), c.language));
    EXPECT_EQ(text.locale(), c.locale) << c.language;
    EXPECT_EQ(text.message(), c.text) << c.language;
  }
}

// Bytes of a status in gRPC's trailers: the message with percent signs, the details as base64.
size_t TrailerBytes(const grpc::Status& status) {
  size_t bytes = 0;
  for (const char c : status.error_message()) bytes += c >= 0x20 && c <= 0x7E && c != '%' ? 1 : 3;
  return bytes + (status.error_details().size() + 2) / 3 * 4;
}

TEST(WireStatusTest, AnErrorFitsTheTrailersThatCallersTake) {
  constexpr size_t kCallersTake = 8192 - 500;  // less what else is in trailers
  std::vector<FieldViolation> violations;
  for (int i = 0; i < 100; ++i) {
    violations.push_back({StrCat("shipment.lines[", i, "].net_amount.units"), std::string(200, 'x'), "a number"});
  }
  const absl::Status many = InvalidFields(violations);
  const grpc::Status sent = ToGrpc(many, "zh");
  EXPECT_LT(TrailerBytes(sent), kCallersTake);
  const ErrorDetail got = DetailOf(FromGrpc(sent));
  ASSERT_GT(got.violations.size(), 5u);
  EXPECT_EQ(got.violations[0].field, "shipment.lines[0].net_amount.units");
  EXPECT_EQ(got.violations.back().field, "");
  EXPECT_EQ(got.violations.back().want, StrCat("and ", 101 - got.violations.size(), " more"));
  // JSON has the room.
  EXPECT_THAT(The<google::rpc::BadRequest>(ToRpcStatus(many, "en")).field_violations(), SizeIs(100));

  std::string chinese;
  for (int i = 0; i < 2000; ++i) chinese += "渠";
  const grpc::Status long_text = ToGrpc(Error(Reason::kStateConflict, chinese, {{"key", chinese}}), "zh");
  EXPECT_LT(TrailerBytes(long_text), kCallersTake);
  EXPECT_THAT(long_text.error_message(), EndsWith("渠..."));
  EXPECT_TRUE(IsUtf8(long_text.error_message()));
  EXPECT_THAT(FromGrpc(long_text), HasReason(Reason::kStateConflict));
}

TEST(WireStatusTest, BytesThatAreNoTextDoNotSpoilTheRest) {
  const absl::Status got = FromGrpc(ToGrpc(Error(Reason::kInternal, "library said \xff\xfe", {{"k", "\xc0"}}), "en"));
  EXPECT_THAT(got, HasReason(Reason::kInternal));
  EXPECT_THAT(std::string(got.message()), HasSubstr("\\xff\\xfe"));
}

TEST(WireStatusTest, ForeignErrorsKeepTheirCodeAndMessage) {
  const struct {
    grpc::Status status;
    absl::StatusCode code;
    Reason reason;
  } cases[] = {
      {{grpc::StatusCode::UNAVAILABLE, "no route"}, absl::StatusCode::kUnavailable, Reason::kServiceUnavailable},
      {{grpc::StatusCode::DEADLINE_EXCEEDED, "late"}, absl::StatusCode::kDeadlineExceeded, Reason::kDeadlineExceeded},
      {{grpc::StatusCode::CANCELLED, "gone"}, absl::StatusCode::kCancelled, Reason::kUnspecified},
      {{grpc::StatusCode::NOT_FOUND, "x", "\xff not a message"}, absl::StatusCode::kNotFound, Reason::kUnspecified},
  };
  for (const auto& c : cases) {
    const absl::Status got = FromGrpc(c.status);
    EXPECT_EQ(got.code(), c.code);
    EXPECT_EQ(std::string(got.message()), c.status.error_message());
    EXPECT_THAT(got, HasReason(c.reason));
  }
  EXPECT_OK(FromGrpc(grpc::Status::OK));
  EXPECT_TRUE(ToGrpc(absl::OkStatus(), "en").ok());
  google::rpc::Status absurd;
  absurd.set_code(4711);
  EXPECT_EQ(FromRpcStatus(absurd).code(), absl::StatusCode::kUnknown);
}

}  // namespace
}  // namespace rpc
}  // namespace tributary
