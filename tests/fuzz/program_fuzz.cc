// libFuzzer: any program is either refused, by field, or may be evaluated, linted and printed, and reads back as
// itself.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/rpc/validation.h"
#include "common/status/status.h"
#include "incentive-service/engine/lint/lint.h"
#include "incentive-service/engine/valuation.h"
#include "incentive-service/programs/program_proto.h"
#include "tests/fuzz/any_message.h"
#include "tributary/incentive/v1/program_service.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;             // NOLINT
  using namespace tributary::incentive;  // NOLINT
  fuzz::AnyMessage bytes(data, size);
  v1::CreateProgramRequest request;
  bytes.Fill(request.mutable_program());
  if (!rpc::Validate(request).ok()) return 0;
  const absl::StatusOr<Program> program = TermsFromProto(request.program(), "program");
  if (!program.ok()) {
    if (ReasonOf(program.status()) != Reason::kInvalidField) std::abort();
    if (DetailOf(program.status()).violations.empty()) std::abort();
    return 0;
  }
  const absl::StatusOr<Program> again = TermsFromProto(ToProto(*program), "program");
  if (!again.ok() || *again != *program) std::abort();
  const v1::Program seen = ToProto(*program, "p-1");
  for (const std::string& partner : seen.eligibility().partners()) {
    if (partner != "partners/p-1") std::abort();
  }
  LintTerms(program->terms, {});
  const Rational q =
      Rational::FromInt(int64_t{bytes.Byte()} * bytes.Byte() * bytes.Byte() * (bytes.Byte() % 2 == 0 ? 1 : -1));
  const Bases bases{.reach = q, .base = q, .quantity = Rational::FromInt(bytes.Byte())};
  const absl::StatusOr<Valuation> value = Evaluate(program->terms, bases);
  if (!value.ok() && ReasonOf(value.status()) != Reason::kOverflow) std::abort();
  if (value.ok()) {
    Rational parts;
    for (const ScalePart& part : value->parts) parts = parts + part.value;
    if (parts != value->scaled) std::abort();
    const auto& most = program->terms.max_penalty;
    if (most.has_value() ? value->exact < Rational(-*most) : value->exact.negative()) std::abort();
    if (program->terms.cap.has_value() && Rational(*program->terms.cap) < value->exact) std::abort();
  }
  const absl::StatusOr<Valuation> of_ratio = EvaluateRatio(program->terms, bases);
  if (of_ratio.ok() != value.ok() || (value.ok() && of_ratio->exact != value->exact)) std::abort();
  const absl::StatusOr<NextStep> next = WhatNext(program->terms, bases);
  if (next.ok() && next->missing.negative()) std::abort();
  return 0;
}
