import type { Translated } from '#platform/ui/index.ts'
import type { fr } from './fr.ts'

export const tr: Translated<typeof fr> = {
  'depart.title': 'Hekiminiz ayrılıyor',
  'depart.stops': '{doctor} görevini bırakıyor: {day}',
  'depart.stopped': '{doctor} görevini bıraktı: {day}',
  'depart.lead': 'Yeni bir aile hekimini şimdiden isteyebilirsiniz. Üç dakika, hesap gerekmez.',
  'depart.ask': 'Başvurumu yap',
  'depart.since': 'Hangi gün başvurursanız başvurun, kıdeminiz duyurunun günüdür: {day}.',
  'depart.free': 'Hekiminiz adınızı kimseye vermez: listede olmaya yalnızca siz karar verirsiniz, listeden çıkabilirsiniz.',
  'depart.calendar': 'Geçiş takvimi',
  'depart.announced': 'Duyuru',
  'depart.wave': '{number}. grup',
  'depart.from': 'başlangıç: {day}',
  'depart.leaves': 'Ayrılış',
  'depart.child': '16 yaşından küçük çocuklar',
  'depart.everybody': 'Diğer herkes',
  'depart.counts': 'Kaç hastayı ilgilendiriyor',
  'depart.byCommune': 'Belediyeye göre, yaklaşık {number} hasta',
  'depart.byProfile': 'Gruba göre, yaklaşık {number} hasta',
  'depart.profile': 'Grup',
  'depart.patients': 'Hasta',
  'depart.rounded': 'Sayılar onluğa yuvarlanmıştır. {least} kişiden az olan satır gizlenir, bazen onunla birlikte bir başkası da.',
  'profile.adult': 'Yetişkin',
  'profile.child': '16 yaşından küçük çocuk',
  'profile.ald': 'Uzun süreli hastalığı olan hasta (ALD)',
  'profile.home': 'Evde muayene',
  'farewell.title': 'Hekiminiz görevini bırakıyor',
  'farewell.dear': 'Sayın hastam,',
  'farewell.leave': 'Görevimi bırakacağım gün: {day}. Güveniniz için teşekkür ederim.',
  'farewell.search':
    'Bölgenin sağlık çalışanları topluluğu {cpts} ile birlikte, isteyen her hastam için bir hekim arıyoruz. İsterseniz başvurun: üç dakika, hesap gerekmez, kendiniz ya da kabul eden bir yakınınız için.',
  'farewell.ask': 'Yeni bir hekim isteyin',
  'farewell.how': 'Bu kodun fotoğrafını telefonunuzla çekin ya da bu sayfayı açın.',
  'farewell.call':
    'Yardım almayı mı tercih edersiniz? Şu numarayı arayın: {phone}. Biri başvuruyu sizinle birlikte doldurur. Şu kodu verin: {code}.',
  'farewell.time':
    'Acele etmenize gerek yok: ayrılışıma kadar hangi gün başvurursanız başvurun, kıdeminiz duyurunun günüdür. En kırılgan kişiler önce gelir. Kendiniz de arayabilir, hayır diyebilirsiniz.',
  'farewell.file': 'Tıbbi dosyanız sizinle gelir: istediğinizde onu seçtiğiniz hekime göndereceğim.',
}
