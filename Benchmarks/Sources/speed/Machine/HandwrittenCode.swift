import Autograd
import HandwrittenPortable

#if arch(x86_64)
    import HandwrittenAVX2
    import HandwrittenAVX512
#endif

/// What is written by hand, of which there is one for each instruction set.
protocol HandwrittenCode: SendableMetatype {
    static func multiplyAndAdd(rounds: Int) -> Double
    static func triad(
        _ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ z: UnsafePointer<Float>,
        count: Int)
    static func chain(
        _ x: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>, count: Int
    ) -> Float
    static func crossEntropy(
        _ logits: UnsafePointer<Float>, _ targets: UnsafePointer<Float>,
        gradient: UnsafeMutablePointer<Float>, count: Int
    ) -> Float
    static func divergence(
        _ means: UnsafePointer<Float>, _ logVariances: UnsafePointer<Float>,
        meanGradient: UnsafeMutablePointer<Float>,
        logVarianceGradient: UnsafeMutablePointer<Float>, count: Int
    ) -> Float
}

extension HandwrittenPortable.Handwritten: HandwrittenCode {}
#if arch(x86_64)
    extension HandwrittenAVX2.Handwritten: HandwrittenCode {}
    extension HandwrittenAVX512.Handwritten: HandwrittenCode {}
#endif

/// That of the instruction set which the library uses on this machine.
let handwritten: any HandwrittenCode.Type = {
    #if arch(x86_64)
        switch instructionSetInUse {
        case "avx512": return HandwrittenAVX512.Handwritten.self
        case "avx2": return HandwrittenAVX2.Handwritten.self
        default: break
        }
    #endif
    return HandwrittenPortable.Handwritten.self
}()
