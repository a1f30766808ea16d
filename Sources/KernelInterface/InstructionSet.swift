public enum InstructionSet: String, CaseIterable, Sendable {
    case portable, avx2, avx512
    public static var supported: [InstructionSet] { [.portable, .avx2, .avx512] }
}
