#include "common/matching/customer_name.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "common/matching/legal_forms.h"
#include "common/text/text.h"

namespace tributary::matching {
namespace {

icu::UnicodeString Fold(std::string_view name) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  const icu::Normalizer2* const folding = icu::Normalizer2::getNFKCCasefoldInstance(error);
  icu::UnicodeString folded = folding->normalize(text, error);
  // Only without ICU's own data; then the name stands for itself.
  return U_SUCCESS(error) ? folded : text;
}

std::string Utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool IsDropped(UChar32 c) { return c == '.' || c == '\'' || c == 0x2018 || c == 0x2019 || c == '`' || c == 0x00B4; }

// Letters, digits and the marks that belong to them.
bool IsWordPart(UChar32 c) {
  constexpr uint32_t kParts = U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK;
  return (U_GET_GC_MASK(c) & kParts) != 0;
}

struct Words {
  std::vector<std::string> words;
  bool separated = false;  // some punctuation or space was there
};

Words Split(const icu::UnicodeString& text) {
  Words result;
  icu::UnicodeString word;
  const auto end_word = [&] {
    if (!word.isEmpty()) result.words.push_back(Utf8(word));
    word.remove();
  };
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (IsWordPart(c)) {
      word.append(c);
      continue;
    }
    result.separated = true;
    if (IsDropped(c)) continue;
    end_word();
    if ((c == '&' || c == '+') && !result.words.empty()) result.words.emplace_back("and");
  }
  end_word();
  while (!result.words.empty() && result.words.back() == "and") result.words.pop_back();
  return result;
}

// Cuts one legal form off the end of `words`; empty where there is none, or nothing would be left.
std::string CutTrailing(std::vector<std::string>& words) {
  if (words.size() > 1 && IsTrailingForm(words.back())) {
    std::string form = std::move(words.back());
    words.pop_back();
    // "gmbh and co kg": the "and" joins two forms, and in "smith and co" it joins nothing any more.
    if (words.size() > 1 && words.back() == "and") words.pop_back();
    return form;
  }
  for (std::string_view ending : TrailingEndings()) {
    std::string& last = words.back();
    if (!last.ends_with(ending) || (last.size() == ending.size() && words.size() == 1)) continue;
    last.resize(last.size() - ending.size());
    if (last.empty()) words.pop_back();
    return std::string(ending);
  }
  return {};
}

std::string CutLeading(std::vector<std::string>& words) {
  if (words.size() > 1 && IsLeadingForm(words.front())) {
    std::string form = std::move(words.front());
    words.erase(words.begin());
    return form;
  }
  for (std::string_view beginning : LeadingBeginnings()) {
    std::string& first = words.front();
    if (!first.starts_with(beginning) || (first.size() == beginning.size() && words.size() == 1)) continue;
    first.erase(0, beginning.size());
    if (first.empty()) words.erase(words.begin());
    return std::string(beginning);
  }
  return {};
}

}  // namespace

NameKey KeyOf(std::string_view name) {
  NameKey result;
  const icu::UnicodeString folded = Fold(name);
  const std::string folded_text = Utf8(folded);
  if (folded_text != name) result.folds.emplace_back("folded case and width");
  Words split = Split(folded);
  if (split.words.empty()) {
    result.key = folded_text;
    return result;
  }
  if (split.separated) result.folds.emplace_back("left out punctuation and spaces");
  for (;;) {
    std::string form = CutTrailing(split.words);
    if (form.empty()) form = CutLeading(split.words);
    if (form.empty()) break;
    result.folds.push_back(StrCat("left out the legal form '", form, "'"));
  }
  result.key = StrJoin(split.words, "");
  return result;
}

bool SameName(std::string_view a, std::string_view b) {
  const std::string key = KeyOf(a).key;
  return !key.empty() && key == KeyOf(b).key;
}

}  // namespace tributary::matching
