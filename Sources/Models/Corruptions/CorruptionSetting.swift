/// A corruption of pixels as an option, written as its kind and its strength: `gaussian:0.4`,
/// `masking:0.25`, `salt-and-pepper:0.1`.
public enum CorruptionSetting: Hashable, Sendable {
    /// Normal noise of this standard deviation; grey values are clipped to 0 … 1.
    case gaussian(Double)
    /// This fraction of the elements is set to 0.
    case masking(Double)
    /// This fraction of the elements is set to 0 or 1; of other numbers than grey values to −2 or 2,
    /// as they are standardised.
    case saltAndPepper(Double)

    /// The same corruption, `factor` times as strong; fractions are limited to 1.
    public func times(_ factor: Double) -> CorruptionSetting {
        switch self {
        case .gaussian(let deviation): .gaussian(factor * deviation)
        case .masking(let fraction): .masking(min(1, factor * fraction))
        case .saltAndPepper(let fraction): .saltAndPepper(min(1, factor * fraction))
        }
    }

    /// The corruption of grey values with this setting.
    public var corruption: any Corruption { corruption(of: .bernoulli) }

    /// The corruption of samples with a likelihood; only grey values are clipped.
    func corruption(of likelihood: SampleLikelihood) -> any Corruption {
        switch self {
        case .gaussian(let deviation):
            GaussianNoise(
                standardDeviation: deviation, clippedTo: likelihood.isOfShares ? 0...1 : nil)
        case .masking(let fraction): MaskingNoise(fraction: fraction)
        case .saltAndPepper(let fraction):
            SaltAndPepperNoise(
                fraction: fraction, between: likelihood.isOfShares ? 0...1 : -2...2)
        }
    }
}

extension CorruptionSetting: LosslessStringConvertible, Codable {
    /// The texts that ``init(_:)`` accepts, in words.
    public static let expected =
        "gaussian:X with X from 0, masking:X or salt-and-pepper:X with X from 0 to 1"

    /// Parses a description such as `masking:0.25`; nil if it is not one.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let strength = Double(parts[1]), strength >= 0, strength.isFinite
        else { return nil }
        switch (parts[0], strength) {
        case ("gaussian", _): self = .gaussian(strength)
        case ("masking", ...1): self = .masking(strength)
        case ("salt-and-pepper", ...1): self = .saltAndPepper(strength)
        default: return nil
        }
    }

    public var description: String {
        switch self {
        case .gaussian(let deviation): "gaussian:\(deviation)"
        case .masking(let fraction): "masking:\(fraction)"
        case .saltAndPepper(let fraction): "salt-and-pepper:\(fraction)"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected \(Self.expected), found \"\(text)\"")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension CorruptionSetting: OptionValue {
    public init?(optionText: String) { self.init(optionText) }
    public var optionText: String { description }
    public static var optionKind: String { expected }
    public static var optionPlaceholder: String { "KIND:X" }
}
