// libFuzzer: any claim is either refused with a reason or sets aside no more than its request has left.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "common/rpc/validation.h"
#include "common/status/status.h"
#include "incentive-service/claims/claim_proto.h"
#include "tests/fuzz/any_message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;             // NOLINT
  using namespace tributary::incentive;  // NOLINT
  fuzz::AnyMessage bytes(data, size);
  const Date last = Date::FromYmd(2026, 6, 30).value();
  FundRequest request{.partner = "p-1",
                      .id = "r-1",
                      .state = static_cast<FundRequestState>(1 + bytes.Byte() % 5),
                      .currency = "CNY",
                      .amount = 100000,
                      .approved = 100 * bytes.Byte(),
                      .claim_deadline = last};
  request.pending = request.approved / 4;
  v1::CreateClaimRequest message;
  message.set_parent("partners/p-1");
  bytes.Fill(message.mutable_claim());
  if (!rpc::Validate(message).ok()) return 0;
  const absl::StatusOr<Claim> claim = FromProto(message.claim(), request);
  if (!claim.ok()) {
    if (DetailOf(claim.status()).violations.empty()) std::abort();
    return 0;
  }
  const absl::StatusOr<ClaimDecision> decision =
      Submit(*claim, request, last.AddDays(bytes.Byte() % 2), absl::UnixEpoch());
  if (!decision.ok()) {
    if (ReasonOf(decision.status()) == Reason::kUnspecified) std::abort();
    return 0;
  }
  if (decision->claim.proofs.empty() || decision->claim.amount <= 0) std::abort();
  if (decision->request.available() < 0) std::abort();
  if (decision->request.pending != request.pending + decision->claim.amount) std::abort();
  return 0;
}
