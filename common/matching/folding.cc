#include "common/matching/folding.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <memory>
#include <mutex>
#include <opencc/SimpleConverter.hpp>
#include <vector>

namespace tributary::matching {
namespace {

constexpr char16_t kFirstHan = 0x3400, kLastHan = 0x9fff;

icu::UnicodeString Alias(std::u16string_view text) {
  return icu::UnicodeString(false, text.data(), static_cast<int32_t>(text.size()));
}
std::u16string Owned(const icu::UnicodeString& text) {
  return std::u16string(text.getBuffer(), static_cast<size_t>(text.length()));
}

// OpenCC's dictionary, asked only for texts in which it changes something. Its converter is const and shared.
class Simplifier {
 public:
  static const Simplifier& Get() {
    static const Simplifier* const simplifier = new Simplifier;
    return *simplifier;
  }

  bool Changes(std::u16string_view text) const {
    for (const char16_t c : text) {
      if (c >= kFirstHan && c <= kLastHan && changed_[c - kFirstHan]) return true;
    }
    return false;
  }
  std::u16string Convert(std::u16string_view text) const { return Utf16(converter_.Convert(Utf8(text))); }

 private:
  Simplifier() : converter_("t2s.json") {
    for (char32_t c = kFirstHan; c <= kLastHan; ++c) {
      const std::u16string one(1, static_cast<char16_t>(c));
      changed_[c - kFirstHan] = Convert(one) != one;
    }
  }

  const opencc::SimpleConverter converter_;
  std::bitset<kLastHan - kFirstHan + 1> changed_;
};

std::unique_ptr<icu::Transliterator> Rules(const char* id) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> rules(icu::Transliterator::createInstance(id, UTRANS_FORWARD, error));
  return U_SUCCESS(error) ? std::move(rules) : nullptr;
}

std::u16string LettersOf(icu::UnicodeString text) {
  text.foldCase();
  std::u16string letters;
  for (int32_t i = 0; i < text.length(); ++i) {
    if (IsLatinLetterOrDigit(text[i])) letters += text[i];
  }
  return letters;
}

// The syllable of each Han character, read once.
const std::u16string& Syllable(char16_t c) {
  static const auto* const table = [] {
    auto* const syllables = new std::vector<std::u16string>(kLastHan - kFirstHan + 1);
    const auto rules = Rules("Han-Latin; Latin-ASCII");
    for (char32_t one = kFirstHan; rules != nullptr && one <= kLastHan; ++one) {
      icu::UnicodeString text(static_cast<UChar32>(one));
      rules->transliterate(text);
      (*syllables)[one - kFirstHan] = LettersOf(std::move(text));
    }
    return syllables;
  }();
  return (*table)[c - kFirstHan];
}

// What no decomposition takes apart.
char16_t WithoutStroke(char16_t c) {
  switch (c) {
    case u'ø':
      return u'o';
    case u'ł':
      return u'l';
    case u'đ':
    case u'ð':
      return u'd';
    case u'ı':
      return u'i';
    case u'ħ':
      return u'h';
    case u'ŧ':
      return u't';
    default:
      return c;
  }
}

std::u16string WithoutAccents(std::u16string text) {
  bool plain = true;
  for (const char16_t c : text) plain &= c < 0x80 || IsSpaceless(c);
  if (plain) return text;
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const decompose = icu::Normalizer2::getNFDInstance(error);
  const icu::UnicodeString apart = decompose->normalize(Alias(text), error);
  if (U_FAILURE(error)) return text;
  icu::UnicodeString bare;
  bool accented = false;  // whether a mark behind what was written last is an accent
  for (int32_t i = 0; i < apart.length(); ++i) {
    const char16_t c = apart[i];
    if (c >= 0x300 && c < 0x370 && accented) continue;
    accented = (c < 0x530 && u_isalpha(c)) || (c >= 0x1e00 && c < 0x2000);
    if (c == u'æ' || c == u'œ') {
      bare.append(c == u'æ' ? u'a' : u'o').append(u'e');
    } else {
      bare.append(WithoutStroke(c));
    }
  }
  const icu::Normalizer2* const compose = icu::Normalizer2::getNFCInstance(error);
  const icu::UnicodeString together = compose->normalize(bare, error);
  return Owned(U_SUCCESS(error) ? together : bare);
}

}  // namespace

std::u16string FoldCase(std::string_view text) {
  // Of ASCII, capitals alone change.
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    std::u16string folded;
    folded.reserve(text.size());
    for (const char c : text) folded += static_cast<char16_t>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return folded;
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  const icu::Normalizer2* const folding = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const icu::UnicodeString folded = folding->normalize(wide, error);
  // It fails only without ICU's own data; then the text stands for itself.
  return Owned(U_SUCCESS(error) ? folded : wide);
}

std::u16string Simplified(std::u16string text) {
  const Simplifier& simplifier = Simplifier::Get();
  return simplifier.Changes(text) ? simplifier.Convert(text) : text;
}

std::u16string Fold(std::string_view text) { return WithoutAccents(Simplified(FoldCase(text))); }

std::u16string Latin(std::u16string_view folded) {
  std::u16string result;
  std::u16string other;  // a run of what is neither Latin nor Han
  const auto end_other = [&] {
    if (other.empty()) return;
    // Transliterators are safe for many threads' const use.
    static const icu::Transliterator* const rules = Rules("Any-Latin; Latin-ASCII").release();
    icu::UnicodeString text = Alias(other);
    if (rules != nullptr) rules->transliterate(text);
    result += LettersOf(std::move(text));
    other.clear();
  };
  for (const char16_t c : folded) {
    const bool han = c >= kFirstHan && c <= kLastHan;
    if (!han && !IsLatinLetterOrDigit(c)) {
      other += c;
      continue;
    }
    end_other();
    if (han) {
      result += Syllable(c);
    } else {
      result += c;
    }
  }
  end_other();
  return result;
}

std::string Utf8(std::u16string_view text) {
  std::string out;
  Alias(text).toUTF8String(out);
  return out;
}

std::u16string Utf16(std::string_view text) {
  return Owned(icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))));
}

bool IsWordPart(char32_t c) {
  constexpr uint32_t kParts = U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK;
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & kParts) != 0;
}

bool IsHan(char16_t c) { return c >= kFirstHan && c <= kLastHan; }

bool IsSpaceless(char16_t c) {
  return IsHan(c) || (c >= 0x3040 && c <= 0x30ff) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
         c == 0x3005;
}

bool IsLatinLetterOrDigit(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9'); }

}  // namespace tributary::matching
